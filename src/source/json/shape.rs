//! Defines how a comment system nests comments in JSON: the shapes of `shapes.toml`, and comments read by them.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use super::path::{Condition, Path};
use crate::comment::{Comment, Status};
use crate::source::markup::plain;
use crate::source::table::{Zero, aliases, parent_id, votes};

/// Where a system's JSON keeps what. Of several paths to one field, the first that leads to a text counts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Shape {
    pub name: String,
    /// Each a list of conditions; the shape is known by any list that holds for the whole document.
    pub signs: Vec<Vec<Condition>>,
    /// Where comments stand in the document. The empty path, the document itself, counts where the others lead nowhere.
    pub records: Vec<Path>,
    /// What a record must be; others (posts, notes of more) are no comments and no rejects.
    pub only: Option<Condition>,
    /// Where answers stand in the comment that they answer; they have the same shape.
    pub replies: Vec<Path>,
    pub id: Vec<Path>,
    pub parent: Vec<Path>,
    /// Ids from the root down to the comment itself, parted by points.
    pub ancestors: Option<Path>,
    pub author: Vec<Path>,
    /// Where the document lists names by the ids that `author` leads to.
    pub people: Option<People>,
    pub date: Vec<Path>,
    /// The text as written.
    pub text: Vec<Path>,
    /// The same as markup.
    pub html: Vec<Path>,
    pub page: Vec<Path>,
    pub title: Vec<Path>,
    pub votes: Vec<Path>,
    /// Words for what became of a comment.
    pub status: Vec<Path>,
    /// What became of a comment for which a condition says yes; the first that does counts, before `status`.
    pub fates: Vec<(Condition, Status)>,
    /// What became of all others.
    pub otherwise: Option<Status>,
    /// A score that a hosted service gave.
    pub perspective: Vec<Path>,
    /// How many answers a comment has, wherever they are.
    pub counted: Option<Path>,
    /// Where a record that is no comment counts those left out.
    pub left_out: Option<Path>,
}

/// A list of authors in the document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct People {
    list: Path,
    id: Path,
    name: Path,
}

/// A comment, or why a record is none.
pub(super) type Read = Result<Comment, String>;

/// What is read out of one document.
pub(super) struct Reading<'a> {
    shape: &'a Shape,
    root: &'a Value,
    names: HashMap<String, String>,
    before: u64,
    /// Each with the record that it was read from.
    pub read: Vec<(Read, &'a Value)>,
    /// Answers that are counted and not here.
    pub missing: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shapes {
    lists: Lists,
    shape: Vec<Shape>,
}

/// What lists are called in JSON of no known system, in small letters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    /// Of answers, inside what they answer.
    pub answers: Vec<String>,
    /// Of comments, inside an article.
    pub comments: Vec<String>,
}

fn data() -> &'static Shapes {
    static SHAPES: LazyLock<Shapes> = LazyLock::new(|| {
        toml::from_str(include_str!("shapes.toml")).expect("a test reads the embedded shapes")
    });
    &SHAPES
}

fn shapes() -> &'static [Shape] {
    &data().shape
}

/// What lists are called in JSON of no known system.
pub(super) fn lists_called() -> &'static Lists {
    &data().lists
}

impl Shape {
    /// The shape of the file that begins with this object.
    pub fn find(first: &Value) -> Option<&'static Shape> {
        shapes().iter().find(|shape| shape.is_of(first))
    }

    /// Whether it does not tell where a text stands, for the file began with a list that was empty.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty() && self.html.is_empty()
    }

    /// Whether a document bears one of its signs.
    pub fn is_of(&self, document: &Value) -> bool {
        let holds = |condition: &Condition| condition.holds(document, document);
        self.signs.iter().any(|sign| sign.iter().all(holds))
    }

    /// The comments of a document; `before` records of the file were read before it. A comment without an id is known by
    /// its number, as in tables.
    pub fn read<'a>(&'a self, document: &'a Value, before: u64) -> Reading<'a> {
        let names = self.people.as_ref().map(|people| people.names(document)).unwrap_or_default();
        let mut reading =
            Reading { shape: self, root: document, names, before, read: Vec::new(), missing: 0 };
        let nested = self.records.iter().filter(|path| !path.is_self());
        let records: Vec<_> = nested.flat_map(|path| path.all(document, document)).collect();
        for record in &records {
            reading.take(record, None);
        }
        if records.is_empty() && self.records.iter().any(Path::is_self) {
            let header = self.is_of(document) && reading.is_empty(document);
            if !header {
                reading.take(document, None);
            }
        }
        reading
    }
}

impl People {
    fn names(&self, document: &Value) -> HashMap<String, String> {
        let told =
            |person| Some((self.id.text(document, person)?, self.name.text(document, person)?));
        self.list.all(document, document).into_iter().filter_map(told).collect()
    }
}

impl<'a> Reading<'a> {
    fn told(&self, paths: &[Path], record: &Value) -> Option<String> {
        paths.iter().find_map(|path| path.text(self.root, record))
    }

    /// Whether a record has nothing that makes a comment.
    fn is_empty(&self, record: &Value) -> bool {
        let shape = self.shape;
        [&shape.id, &shape.text, &shape.html].iter().all(|paths| self.told(paths, record).is_none())
    }

    /// Reads a record and the answers in it. The depth is that of the JSON, which its parser bounds.
    fn take(&mut self, record: &'a Value, answered: Option<&str>) {
        let shape = self.shape;
        let count =
            |path: &Option<Path>| path.as_ref()?.text(self.root, record)?.parse::<u64>().ok();
        if shape.only.as_ref().is_some_and(|only| !only.holds(self.root, record)) {
            self.missing += count(&shape.left_out).unwrap_or_default();
            return;
        }
        if self.is_empty(record) {
            self.read
                .push((Err("expected a comment, found neither an id nor a text".into()), record));
            return;
        }
        let comment = self.comment(record, answered);
        let id = comment.id.clone();
        self.read.push((Ok(comment), record));
        let answers: Vec<_> =
            shape.replies.iter().flat_map(|path| path.all(self.root, record)).collect();
        let counted = count(&shape.counted).unwrap_or_default();
        self.missing += counted.saturating_sub(answers.len() as u64);
        for answer in answers.into_iter().filter(|answer| answer.is_object()) {
            self.take(answer, Some(&id));
        }
    }

    fn comment(&self, record: &Value, answered: Option<&str>) -> Comment {
        let shape = self.shape;
        let told = |paths: &[Path]| self.told(paths, record);
        let number = || format!("r{}", self.before + self.read.len() as u64 + 1);
        let id = told(&shape.id).unwrap_or_else(number);
        let ancestor = shape.ancestors.as_ref().and_then(|path| {
            let line = path.text(self.root, record)?;
            line.rsplit('.').nth(1).map(str::to_owned)
        });
        let parent = ancestor.or_else(|| told(&shape.parent));
        let parent = parent
            .and_then(|parent| parent_id(parent.trim(), &id, Zero::Nobody).map(str::to_owned));
        let author = told(&shape.author).map(|author| match self.names.get(&author) {
            Some(name) => name.clone(),
            None => author,
        });
        let text = told(&shape.text).or_else(|| told(&shape.html).map(|html| plain(&html)));
        Comment {
            parent: parent.or_else(|| answered.map(str::to_owned)),
            author,
            date: told(&shape.date),
            text: text.unwrap_or_default(),
            page: told(&shape.page).unwrap_or_default(),
            title: told(&shape.title),
            status: self.fate(record),
            votes: told(&shape.votes).and_then(|count| votes(&count)),
            found: String::new(),
            perspective: told(&shape.perspective),
            id,
        }
    }

    fn fate(&self, record: &Value) -> Option<Status> {
        let shape = self.shape;
        let yes = shape.fates.iter().find(|(condition, _)| condition.says_yes(self.root, record));
        yes.map(|(_, fate)| *fate)
            .or_else(|| aliases().status(&self.told(&shape.status, record)?))
            .or(shape.otherwise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapes_are_whole_and_sorted() {
        let names: Vec<_> = shapes().iter().map(|shape| shape.name.to_lowercase()).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(lists_called().answers.is_sorted() && lists_called().comments.is_sorted());
        for shape in shapes() {
            assert!(!shape.signs.is_empty() && !shape.records.is_empty(), "{}", shape.name);
            assert!(!shape.text.is_empty() || !shape.html.is_empty(), "{}", shape.name);
            assert!(shape.signs.iter().all(|sign| !sign.is_empty()), "{}", shape.name);
        }
    }
}
