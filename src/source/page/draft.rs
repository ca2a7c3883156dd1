//! Builds comments from what was read of each record: ids made unique, replies tied to the comments they answer.

use std::collections::{HashMap, HashSet};

use super::dom::{At, Dom};
use super::trace::{Seen, Trace};
use crate::comment::{Comment, Status, latest_by};

/// What was read of one record.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The element that stands for it.
    pub item: At,
    /// Its id in the markup.
    pub id: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When, as shown.
    pub date: Option<String>,
    /// What was written.
    pub text: String,
    /// Whom it answers.
    pub parent: Answered,
    /// What the site did with it.
    pub status: Option<Status>,
    /// Votes for minus votes against.
    pub votes: Option<i64>,
}

/// Whom a record answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answered {
    /// Nobody, or not told.
    #[default]
    Nobody,
    /// The record of this index.
    Record(usize),
    /// The record with this id.
    Id(String),
    /// The latest earlier record of this author.
    Author(String),
}

/// Builds the comments of one page, in its order.
///
/// A record without text stays only where its replies need it or the site tells that it was taken away.
pub fn comments(
    dom: &Dom<'_>,
    page: &str,
    title: Option<&str>,
    drafts: Vec<Draft>,
    trace: &mut Trace<'_>,
) -> Vec<Comment> {
    let parents = parents(&drafts);
    let mut answered = vec![false; drafts.len()];
    parents.iter().flatten().for_each(|&parent| answered[parent] = true);
    let keeps = |index: usize| !drafts[index].text.is_empty() || answered[index];
    let kept: Vec<bool> = (0..drafts.len()).map(keeps).collect();
    let ids = ids(&drafts, &kept);
    let mut comments = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        if !kept[index] {
            let reason = "no text was found in it, and no reply hangs from it";
            trace.record(|| Seen::Dropped { found: place(dom, draft.item, index), reason });
            continue;
        }
        let comment = Comment {
            id: ids[index].clone(),
            author: draft.author.filter(|author| !author.trim().is_empty()),
            date: draft.date.filter(|date| !date.trim().is_empty()),
            status: draft.status.or(draft.text.is_empty().then_some(Status::Deleted)),
            text: draft.text,
            parent: parents[index].map(|parent| ids[parent].clone()),
            page: page.to_owned(),
            title: title.map(str::to_owned),
            votes: draft.votes,
            found: place(dom, draft.item, index),
            perspective: None,
        };
        trace.record(|| Seen::Kept(comment.clone()));
        comments.push(comment);
    }
    comments
}

/// The index of the record that each one answers; never itself, never none of the list.
fn parents(drafts: &[Draft]) -> Vec<Option<usize>> {
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        if let Some(id) = draft.id.as_deref() {
            by_id.entry(id).or_insert(index);
            by_id.entry(number(id)).or_insert(index);
        }
    }
    // `latest_by` compares authors: it needs the comments only up to their authors.
    let named = drafts.iter().any(|draft| matches!(draft.parent, Answered::Author(_)));
    let authors: Vec<Comment> = if named {
        drafts
            .iter()
            .map(|draft| Comment { author: draft.author.clone(), ..Comment::default() })
            .collect()
    } else {
        Vec::new()
    };
    let parent = |(index, draft): (usize, &Draft)| {
        let parent = match &draft.parent {
            Answered::Nobody => None,
            Answered::Record(parent) => Some(*parent),
            Answered::Id(id) => by_id.get(id.as_str()).or_else(|| by_id.get(number(id))).copied(),
            Answered::Author(author) => latest_by(&authors[..index], author),
        };
        parent.filter(|&parent| parent != index && parent < drafts.len())
    };
    drafts.iter().enumerate().map(parent).collect()
}

/// The number at the end of an id, else the id.
fn number(id: &str) -> &str {
    let digits = id.len() - id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 { id } else { &id[id.len() - digits..] }
}

/// The markup's ids where they name one comment only, else the ordinal.
fn ids(drafts: &[Draft], kept: &[bool]) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut ids = vec![String::new(); drafts.len()];
    for (index, draft) in drafts.iter().enumerate() {
        if let Some(id) =
            draft.id.as_deref().map(str::trim).filter(|id| !id.is_empty() && id.len() <= 100)
            && kept[index]
            && taken.insert(id.to_owned())
        {
            ids[index] = id.to_owned();
        }
    }
    let mut ordinal = 0;
    for (index, id) in ids.iter_mut().enumerate() {
        ordinal += usize::from(kept[index]);
        while id.is_empty() {
            let made = format!("c{ordinal}");
            if taken.insert(made.clone()) {
                *id = made;
            } else {
                let made = format!("c{ordinal}-{}", taken.len());
                taken.insert(made.clone());
                *id = made;
            }
        }
    }
    ids
}

/// Where the element stands, in the manner of CSS: `li#comment-123`, `article.comment:nth(4)`.
pub fn place(dom: &Dom<'_>, item: At, index: usize) -> String {
    let tag = dom.tag(item);
    if !dom.id(item).is_empty() {
        return format!("{tag}#{}", dom.id(item));
    }
    let class = dom.classes(item).next().map(|class| format!(".{class}")).unwrap_or_default();
    format!("{tag}{class}:nth({})", index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn draft(id: &str, parent: Answered) -> Draft {
        Draft {
            id: (!id.is_empty()).then(|| id.to_owned()),
            text: "x".into(),
            parent,
            author: Some("Zoé".into()),
            ..Draft::default()
        }
    }

    #[test]
    fn ids_are_unique_and_replies_find_them() {
        let html = Html::parse_document("");
        let list = vec![
            draft("comment-7", Answered::Nobody),
            draft("comment-7", Answered::Id("7".into())),
            draft("", Answered::Author("zoé".into())),
            draft("", Answered::Record(3)),
        ];
        let comments = comments(&Dom::new(&html), "p", None, list, &mut Trace::Off);
        let ids: Vec<&str> = comments.iter().map(|comment| comment.id.as_str()).collect();
        let parents: Vec<Option<&str>> =
            comments.iter().map(|comment| comment.parent.as_deref()).collect();
        assert_eq!(ids, ["comment-7", "c2", "c3", "c4"]);
        assert_eq!(parents, [None, Some("comment-7"), Some("c2"), None]);
    }

    #[test]
    fn a_record_without_text_stays_for_its_replies() {
        let html = Html::parse_document("");
        let gone = Draft { text: String::new(), ..draft("a", Answered::Nobody) };
        let list = vec![
            gone.clone(),
            draft("b", Answered::Record(0)),
            Draft { id: Some("z".into()), ..gone },
        ];
        let comments = comments(&Dom::new(&html), "p", None, list, &mut Trace::Off);
        assert_eq!(comments.len(), 2);
        assert_eq!(comments[0].status, Some(Status::Deleted));
    }
}
