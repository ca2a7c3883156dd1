//! Writes comments as ConvoKit utterances (Chang et al., 2020, <https://convokit.cornell.edu>).

use std::collections::HashMap;

use serde::Serialize;
use vigie::comment::{Comment, Status, Thread};

/// One line of `utterances.jsonl`.
#[derive(Debug, Serialize)]
pub struct Utterance<'a> {
    /// Unique in the corpus: the page and the comment's id.
    id: String,
    /// The id of the first utterance of the conversation.
    conversation_id: String,
    text: &'a str,
    /// Empty where no author is shown: ConvoKit demands a speaker.
    speaker: &'a str,
    #[serde(rename = "reply-to")]
    reply_to: Option<String>,
    /// Seconds since 1970, where the export tells the date so; dates as shown are in `meta`.
    timestamp: Option<i64>,
    meta: Meta<'a>,
}

#[derive(Debug, Serialize)]
struct Meta<'a> {
    date: Option<&'a str>,
    page: &'a str,
    title: Option<&'a str>,
    status: Option<Status>,
    votes: Option<i64>,
    found: &'a str,
}

/// The utterances of `comments`, in their order. Replies to comments that are not there begin a conversation.
pub fn utterances(comments: &[Comment]) -> impl Iterator<Item = Utterance<'_>> {
    let thread = Thread::build(comments);
    let mut seen: HashMap<(&str, &str), u32> = HashMap::new();
    let ids: Vec<String> = comments
        .iter()
        .map(|Comment { page, id, .. }| {
            let times = seen.entry((page, id)).or_default();
            *times += 1;
            match times {
                1 => format!("{page}#{id}"),
                again => format!("{page}#{id}~{again}"),
            }
        })
        .collect();
    comments.iter().enumerate().map(move |(index, comment)| {
        let mut ancestors = thread.ancestors(index);
        let parent = ancestors.next();
        let root = ancestors.last().or(parent).unwrap_or(index);
        let Comment { text, author, date, page, title, status, votes, found, .. } = comment;
        Utterance {
            id: ids[index].clone(),
            conversation_id: ids[root].clone(),
            text,
            speaker: author.as_deref().unwrap_or_default(),
            reply_to: parent.map(|parent| ids[parent].clone()),
            timestamp: date.as_deref().and_then(seconds),
            meta: Meta {
                date: date.as_deref(),
                page,
                title: title.as_deref(),
                status: *status,
                votes: *votes,
                found,
            },
        }
    })
}

/// Ten figures are seconds since 1970; fewer could be a day (20240304).
fn seconds(date: &str) -> Option<i64> {
    let whole = date.trim().strip_suffix(".0").unwrap_or(date.trim());
    (whole.len() == 10).then(|| whole.parse().ok()).flatten()
}
