//! Defines what flows through the house: the [`Comment`], and the thread in which it stands.

mod reply;
mod thread;

pub use reply::{latest_by, parents_by_depth};
pub use thread::{Node, Place, Thread, Trouble};

use serde::{Deserialize, Serialize};

/// One reader comment, as a page shows it or an export tells it.
///
/// Its fields, in this order and but for the last, are the columns of the comment table ([`COLUMNS`]) that every command speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The comment's name in its page: from the markup or the export, else its ordinal (`c1`, `c2` …).
    pub id: String,
    /// Who wrote it, as shown.
    pub author: Option<String>,
    /// When, as shown: never reformatted, because a wrong guess cannot be undone later.
    pub date: Option<String>,
    /// What was written: plain text, paragraphs parted by newlines.
    pub text: String,
    /// The id of the comment answered.
    pub parent: Option<String>,
    /// The page: the article's address or name where the export tells it, else the file's path as the user named it.
    pub page: String,
    /// The title of the article commented on.
    pub title: Option<String>,
    /// What the site did with it, where it is told.
    pub status: Option<Status>,
    /// Votes for, minus votes against.
    pub votes: Option<i64>,
    /// Where it was found: `FILE line 63`, `FILE record 12`, `FILE record 12 li#comment-7` in an archive of pages, or `FILE li#comment-7`, without the file when that is the page.
    pub found: String,
    /// The score that a hosted service gave it, as the export tells it. It is no column of the comment table, whose readers
    /// would take it for ours.
    #[serde(skip)]
    pub perspective: Option<String>,
}

/// The columns of the comment table, in order: the fields of [`Comment`] but for `perspective`.
pub const COLUMNS: [&str; 10] =
    ["id", "author", "date", "text", "parent", "page", "title", "status", "votes", "found"];

impl Comment {
    /// Its cells in the comment table, in the order of [`COLUMNS`]; what is not known is empty.
    pub fn cells(&self) -> [String; COLUMNS.len()] {
        let told = |value: &Option<String>| value.clone().unwrap_or_default();
        [
            self.id.clone(),
            told(&self.author),
            told(&self.date),
            self.text.clone(),
            told(&self.parent),
            self.page.clone(),
            told(&self.title),
            self.status.map(|status| status.name().to_string()).unwrap_or_default(),
            self.votes.map(|votes| votes.to_string()).unwrap_or_default(),
            self.found.clone(),
        ]
    }
}

/// What the site did with a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Shown to readers.
    Approved,
    /// Waits for a moderator.
    Pending,
    /// Refused or taken down by a moderator.
    Rejected,
    /// Taken for advertising.
    Spam,
    /// Deleted, by its author or not told by whom: the text may be gone.
    Deleted,
    /// Folded away or hidden from readers.
    Hidden,
    /// Not a reader's comment: a pingback or trackback.
    Pingback,
    /// Set above the others by the site.
    Pinned,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 8] = [
        Status::Approved,
        Status::Pending,
        Status::Rejected,
        Status::Spam,
        Status::Deleted,
        Status::Hidden,
        Status::Pingback,
        Status::Pinned,
    ];

    /// The one of this word.
    pub fn named(word: &str) -> Option<Status> {
        Self::ALL.into_iter().find(|status| status.name() == word)
    }

    /// The word in the `status` column.
    pub fn name(self) -> &'static str {
        match self {
            Status::Approved => "approved",
            Status::Pending => "pending",
            Status::Rejected => "rejected",
            Status::Spam => "spam",
            Status::Deleted => "deleted",
            Status::Hidden => "hidden",
            Status::Pingback => "pingback",
            Status::Pinned => "pinned",
        }
    }
}
