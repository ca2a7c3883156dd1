//! Tells how a table says what became of a comment: in a word, by answering a question, or as a forum's review queue does.

use super::aliases::aliases;
use super::field::Field;
use super::mapping::Mapping;
use super::row::Row;
use super::sample::Sample;
use crate::comment::Status;

/// How a table tells fates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    rule: Rule,
    /// Columns that ask a question, and the fate of a yes: it counts before what the status column says.
    asked: Vec<(usize, Status)>,
    /// The column that tells pingbacks from comments.
    kind: Option<usize>,
}

/// What the status column says, or what stands in for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// By a word or a number in the status column.
    Word,
    /// By yes or no to what the status column asks.
    Asked(Status),
    /// By the numbers of a review queue (Discourse's `reviewables`): what they mean is in the column of the kind.
    Reviewable { kind: usize },
    /// By the day on which a flag was agreed with or not (Discourse's flags).
    Flag { agreed: Option<usize>, disagreed: Option<usize>, kind: Option<usize> },
}

impl Verdict {
    /// How the table of this sample tells fates, whose column `status` holds them.
    pub fn find(sample: &Sample, status: Option<usize>) -> Verdict {
        let columns =
            || sample.header.iter().enumerate().filter(|&(column, _)| Some(column) != status);
        let asked = columns().filter_map(|(column, name)| Some((column, aliases().asked(name)?)));
        let kinds = |column: usize| {
            let mut cells = sample.cells(column).peekable();
            cells.peek().is_some() && cells.all(|cell| cell == "comment" || is_pingback(cell))
        };
        let kind = columns().map(|(column, _)| column).find(|&column| {
            matches!(sample.header[column].as_str(), "comment_type" | "type") && kinds(column)
        });
        Verdict { rule: Rule::find(sample, status), asked: asked.collect(), kind }
    }

    /// What a row says became of its comment.
    pub fn read(&self, row: &Row, mapping: &Mapping) -> Option<Status> {
        if self.kind.and_then(|kind| row.cell(kind)).is_some_and(is_pingback) {
            return Some(Status::Pingback);
        }
        let says_yes = |&&(column, _): &&(usize, Status)| {
            row.cell(column).is_some_and(|cell| is_yes(cell.trim()))
        };
        let asked = self.asked.iter().find(says_yes).map(|&(_, fate)| fate);
        let told = asked.or_else(|| self.rule.read(row, mapping));
        told.or_else(|| match mapping.text(row).trim() {
            // What Reddit leaves of a comment that a moderator took down, and of one that its author did.
            "[removed]" => Some(Status::Rejected),
            "[deleted]" => Some(Status::Deleted),
            _ => None,
        })
    }
}

fn is_pingback(word: &str) -> bool {
    aliases().status(word) == Some(Status::Pingback)
}

impl Rule {
    fn find(sample: &Sample, status: Option<usize>) -> Rule {
        let named = |name: &str| sample.header.iter().position(|column| column == name);
        let (agreed, disagreed) = (named("agreed_at"), named("disagreed_at"));
        if status.is_none() && (agreed.is_some() || disagreed.is_some()) {
            return Rule::Flag { agreed, disagreed, kind: named("post_action_type_id") };
        }
        let Some(status) = status else { return Rule::Word };
        let kind = named("type").or_else(|| named("reviewable_type"));
        let reviewable = |&kind: &usize| {
            let mut cells = sample.cells(kind).peekable();
            cells.peek().is_some() && cells.all(|cell| cell.starts_with("Reviewable"))
        };
        match (kind.filter(reviewable), aliases().asked(&sample.header[status])) {
            (Some(kind), _) => Rule::Reviewable { kind },
            (None, Some(asked)) => Rule::Asked(asked),
            (None, None) => Rule::Word,
        }
    }

    fn read(self, row: &Row, mapping: &Mapping) -> Option<Status> {
        let cell = mapping.cell(row, Field::Status).trim();
        match self {
            Rule::Word => word(cell),
            Rule::Asked(status) => is_yes(cell).then_some(status),
            Rule::Reviewable { kind } => reviewed(row.cell(kind).unwrap_or_default(), cell),
            Rule::Flag { agreed, disagreed, kind } => {
                let told = |column: Option<usize>| {
                    column
                        .and_then(|column| row.cell(column))
                        .map(str::trim)
                        .filter(|cell| !cell.is_empty())
                };
                match (told(agreed), told(disagreed)) {
                    (Some(_), None) if told(kind) == Some(SPAM_FLAG) => Some(Status::Spam),
                    (Some(_), None) => Some(Status::Rejected),
                    (None, Some(_)) => Some(Status::Approved),
                    _ => None,
                }
            }
        }
    }
}

/// The number of the flag « spam ».
const SPAM_FLAG: &str = "8";

/// The fate of what a review queue held. Posts wait in it for approval; of every other kind they were flagged, and what
/// is approved is the flag, against the post.
fn reviewed(kind: &str, status: &str) -> Option<Status> {
    let flagged = !kind.contains("Queued");
    match status {
        _ if kind == "ReviewableUser" => None,
        "0" => Some(Status::Pending),
        "1" if flagged => Some(Status::Rejected),
        "1" => Some(Status::Approved),
        "2" if flagged => Some(Status::Approved),
        "2" => Some(Status::Rejected),
        "4" => Some(Status::Deleted),
        // Ignored: nobody said anything of the post.
        "3" => None,
        word => aliases().status(word),
    }
}

fn word(cell: &str) -> Option<Status> {
    if is_yes(cell) {
        Some(Status::Approved)
    } else if is_no(cell) {
        Some(Status::Pending)
    } else {
        aliases().status(cell).filter(|_| !cell.is_empty())
    }
}

fn is_yes(cell: &str) -> bool {
    matches!(cell.to_ascii_lowercase().as_str(), "1" | "true" | "t" | "yes" | "oui" | "vrai")
}

fn is_no(cell: &str) -> bool {
    matches!(cell.to_ascii_lowercase().as_str(), "0" | "false" | "f" | "no" | "non" | "faux")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates_are_told_in_many_words() {
        assert_eq!(word("1"), Some(Status::Approved));
        assert_eq!(word("0"), Some(Status::Pending));
        assert_eq!(word("Refusé"), Some(Status::Rejected));
        assert_eq!(word("peut-être"), None);
        assert_eq!(word(""), None);
    }

    #[test]
    fn an_approved_flag_is_a_rejected_post() {
        assert_eq!(reviewed("ReviewableFlaggedPost", "1"), Some(Status::Rejected));
        assert_eq!(reviewed("ReviewableFlaggedPost", "2"), Some(Status::Approved));
        assert_eq!(reviewed("ReviewableQueuedPost", "1"), Some(Status::Approved));
        assert_eq!(reviewed("ReviewableQueuedPost", "2"), Some(Status::Rejected));
        assert_eq!(reviewed("ReviewableQueuedPost", "3"), None);
    }
}
