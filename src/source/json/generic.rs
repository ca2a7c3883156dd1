//! Finds the shape of JSON that no system of ours wrote: where objects with a text, and an id, an author or a date, stand in lists.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::path::{Condition, Path};
use super::shape::{Shape, lists_called};
use crate::source::table::{Field, Overrides, aliases};

/// Records that are looked at for their fields.
const LOOKED_AT: usize = 200;

/// A list, by the fields that lead to it: each list on the way begins a new part.
type Way = Vec<Vec<String>>;

/// Objects of one list that look like comments.
#[derive(Default)]
struct List<'a> {
    count: usize,
    records: Vec<&'a Map<String, Value>>,
}

impl List<'_> {
    /// Where its records have their text.
    fn texts(&self) -> BTreeSet<String> {
        let mut texts = BTreeSet::new();
        for record in &self.records {
            let mut best: Option<(usize, String)> = None;
            leaves(record, &mut |path, value| {
                let priority = aliases().priority(Field::Text, path).filter(|_| value.is_string());
                if let Some(priority) = priority
                    && best.as_ref().is_none_or(|(before, _)| priority < *before)
                {
                    best = Some((priority, path.to_owned()));
                }
            });
            texts.extend(best.map(|(_, path)| path));
        }
        texts
    }
}

/// The shape of the file that begins with this object, where comments are nested in it. `alone` says that the object is no
/// row of a table either, because it spans lines.
pub(super) fn find(first: &Value, alone: bool, overrides: &Overrides) -> Option<Shape> {
    let mut lists = BTreeMap::new();
    let mut empty = BTreeSet::new();
    look(first, &mut vec![Vec::new()], &mut lists, &mut empty);
    let itself = lists.remove(&vec![Vec::new()]);
    if let Some(itself) = itself {
        let answers = answers(&vec![Vec::new()], &itself, &lists, &empty);
        let is_article = answers.iter().any(|answers| is_called(answers, &lists_called().comments));
        if !is_article {
            if !answers.is_empty() || (alone && lists.is_empty()) {
                return Some(shape(Path::of(&[], false), answers, &itself, overrides));
            }
            // A row of a table; but a text beside the id of something else is the word of a service.
            if lists.is_empty() || first.as_object().is_some_and(has_both) {
                return None;
            }
        }
    }
    let inside =
        |way: &Way| lists.keys().any(|other| other.len() < way.len() && way.starts_with(other));
    let tops = lists.iter().filter(|(way, _)| way.len() == 2 && !inside(way));
    // Of two lists of one length, the first by name, so that it is always the same.
    let top = tops.rev().max_by_key(|(_, list)| list.count);
    if let Some((way, list)) = top {
        let found = shape(path(&way[0]), answers(way, list, &lists, &empty), list, overrides);
        return Some(with_article(found, first));
    }
    let named = |way: &&Way| way.len() == 2 && is_called(&way[0], &lists_called().comments);
    let none = empty.iter().find(named)?;
    Some(shape(path(&none[0]), Vec::new(), &List::default(), overrides))
}

/// Whether the list that these fields lead to bears one of these names.
fn is_called(keys: &[String], names: &[String]) -> bool {
    keys.last().is_some_and(|key| names.contains(&key.to_lowercase()))
}

fn path(keys: &[String]) -> Path {
    Path::of(&keys.iter().map(String::as_str).collect::<Vec<_>>(), true)
}

/// Walks through a document and takes note of the objects that look like comments, and of empty lists. The depth is that of
/// the JSON, which its parser bounds.
fn look<'a>(
    value: &'a Value,
    way: &mut Way,
    lists: &mut BTreeMap<Way, List<'a>>,
    empty: &mut BTreeSet<Way>,
) {
    let Value::Object(object) = value else { return };
    if is_comment(object) {
        let list = lists.entry(way.clone()).or_default();
        list.count += 1;
        if list.records.len() < LOOKED_AT {
            list.records.push(object);
        }
    }
    for (key, value) in object {
        let here = way.last_mut().expect("a way has a part");
        here.push(key.clone());
        match value {
            Value::Object(_) => look(value, way, lists, empty),
            Value::Array(values) => {
                way.push(Vec::new());
                if values.is_empty() {
                    empty.insert(way.clone());
                }
                for value in values {
                    look(value, way, lists, empty);
                }
                way.pop();
            }
            _ => {}
        }
        way.last_mut().expect("a way has a part").pop();
    }
}

/// The lists of answers inside a record of the list at `way`.
fn answers(
    way: &Way,
    list: &List,
    lists: &BTreeMap<Way, List>,
    empty: &BTreeSet<Way>,
) -> Vec<Vec<String>> {
    let last = way.len() - 1;
    let inside = |other: &&Way| {
        other.len() == way.len() + 1
            && other[..last] == way[..last]
            && other[last].starts_with(&way[last])
            && other[last].len() > way[last].len()
    };
    let called = |other: &&Way| is_called(&other[last], &lists_called().answers);
    // An answer has its text where a comment has it.
    let alike = |other: &&Way| list.texts().intersection(&lists[*other].texts()).next().is_some();
    let found: BTreeSet<Vec<String>> = lists
        .keys()
        .filter(inside)
        .filter(alike)
        .chain(empty.iter().filter(inside).filter(called))
        .map(|other| other[last][way[last].len()..].to_vec())
        .collect();
    found.into_iter().collect()
}

/// Whether a text, and an id, an author or a date, stand in one and the same object.
fn has_both(object: &Map<String, Value>) -> bool {
    let direct = object.iter().filter(|(_, value)| !value.is_object() && !value.is_array());
    let flat: Map<String, Value> =
        direct.map(|(key, value)| (key.clone(), value.clone())).collect();
    is_comment(&flat)
}

fn is_comment(object: &Map<String, Value>) -> bool {
    let mut has = BTreeSet::new();
    leaves(object, &mut |path, value| {
        let fields = [Field::Text, Field::Id, Field::Author, Field::Date].into_iter();
        has.extend(fields.filter(|field| {
            let fits = *field != Field::Text || value.is_string();
            fits && aliases().priority(*field, path).is_some()
        }));
    });
    has.contains(&Field::Text) && has.len() > 1
}

fn shape(records: Path, replies: Vec<Vec<String>>, list: &List, overrides: &Overrides) -> Shape {
    let mut names: Vec<String> = Vec::new();
    let mut known = BTreeSet::new();
    let mut marked = BTreeSet::new();
    for record in &list.records {
        leaves(record, &mut |path, value| {
            if known.insert(path.to_owned()) {
                names.push(path.to_owned());
            }
            if value.as_str().is_some_and(is_markup) {
                marked.insert(path.to_owned());
            }
        });
    }
    let parent = |name: &str| name.rsplit_once('.').map(|(parent, _)| parent.to_owned());
    let find = |field: Field, beside: Option<&String>| {
        let priority = |name: &&String| {
            // The id of the author is not that of the comment: of two ids, the one that stands where the text stands.
            let apart = beside.is_some_and(|text| parent(text) != parent(name));
            Some((apart, aliases().priority(field, name)?))
        };
        let known = names.iter().filter(|name| priority(name).is_some());
        known.min_by_key(priority)
    };
    let text = find(Field::Text, None);
    let best = |field: Field| -> Vec<Path> {
        let beside = match field {
            Field::Author | Field::Page | Field::Title => None,
            _ => text,
        };
        let told = overrides.column(field).map(str::to_owned);
        let name = told.or_else(|| find(field, beside).cloned());
        name.and_then(|name| Path::try_from(name).ok()).into_iter().collect()
    };
    let is_marked =
        |path: &Path| marked.iter().any(|name| Path::try_from(name.clone()).as_ref() == Ok(path));
    let (html, text) = best(Field::Text).into_iter().partition(is_marked);
    let asked = names
        .iter()
        .filter_map(|name| Some((Condition::try_from(name.clone()).ok()?, aliases().asked(name)?)));
    Shape {
        name: "unknown JSON".to_owned(),
        records: vec![records],
        replies: replies.iter().map(|keys| path(keys)).collect(),
        id: best(Field::Id),
        parent: best(Field::Parent),
        author: best(Field::Author),
        date: best(Field::Date),
        text,
        html,
        page: best(Field::Page),
        title: best(Field::Title),
        votes: best(Field::Votes),
        fates: asked.collect(),
        status: best(Field::Status),
        ..Shape::default()
    }
}

/// Comments without a page of their own stand on that of the object around them, where it tells its address or its id.
fn with_article(mut shape: Shape, around: &Value) -> Shape {
    let mut names = Vec::new();
    if let Some(object) = around.as_object() {
        leaves(object, &mut |path, _| names.push(path.to_owned()));
    }
    let best = |field: Field| {
        let known = names.iter().filter_map(|name| Some((aliases().priority(field, name)?, name)));
        let (_, name) = known.min()?;
        Path::try_from(format!("/{name}")).ok()
    };
    let address = best(Field::Page).or_else(|| best(Field::Id));
    shape.page.extend(address);
    shape.title.extend(best(Field::Title));
    shape
}

fn is_markup(text: &str) -> bool {
    ["</", "<br", "<p>"].iter().any(|sign| text.contains(sign))
}

/// Calls `leaf` with the dotted path of each value of an object that is neither list nor object nor `null`.
fn leaves<'a>(object: &'a Map<String, Value>, leaf: &mut impl FnMut(&str, &'a Value)) {
    fn descend<'a>(
        object: &'a Map<String, Value>,
        path: &mut String,
        leaf: &mut impl FnMut(&str, &'a Value),
    ) {
        for (key, value) in object {
            let before = path.len();
            if before > 0 {
                path.push('.');
            }
            path.push_str(key);
            match value {
                Value::Object(inner) => descend(inner, path, leaf),
                Value::Null | Value::Array(_) => {}
                value => leaf(path, value),
            }
            path.truncate(before);
        }
    }
    descend(object, &mut String::new(), leaf);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comment::Comment;
    use serde_json::json;

    fn read(document: &Value) -> Vec<Comment> {
        let Some(shape) = find(document, false, &Overrides::default()) else { return Vec::new() };
        shape.read(document, 0).read.into_iter().map(|(read, _)| read.unwrap()).collect()
    }

    #[test]
    fn comments_are_found_wherever_they_stand() {
        let document = json!({
            "status": "ok", "message": "success",
            "article": {"id": 9, "title": "Le pont"},
            "result": {"discussion": [
                {"uid": "u1", "id": 1, "user": {"name": "Ada"}, "body": "<p>Oui.</p>", "isDeleted": false, "responses": [
                    {"id": 2, "user": {"name": "Bob"}, "body": "<p>Non.</p>", "isDeleted": true, "responses": []},
                ]},
            ]},
        });
        let read = read(&document);
        let told: Vec<_> = read
            .iter()
            .map(|c| (c.id.as_str(), c.author.as_deref(), c.text.as_str(), c.parent.as_deref()))
            .collect();
        #[cfg(feature = "html")]
        assert_eq!(told, [("1", Some("Ada"), "Oui.", None), ("2", Some("Bob"), "Non.", Some("1"))]);
        assert_eq!(told.len(), 2);
        assert_eq!(read[1].status, Some(crate::comment::Status::Deleted));
    }

    #[test]
    fn an_object_with_its_answers_is_a_comment_and_one_with_comments_an_article() {
        let comment =
            json!({"id": 1, "text": "Oui", "replies": [{"id": 2, "text": "Non", "replies": []}]});
        assert_eq!(read(&comment).len(), 2);
        let article =
            json!({"id": 1, "body": "Le pont ferme", "comments": [{"id": 2, "body": "Non"}]});
        assert_eq!(read(&article).len(), 1);
    }

    #[test]
    fn answers_to_a_comment_without_an_id_name_its_number() {
        let document = json!({"comments": [
            {"author": "Ada", "text": "Oui"}, {"author": "Bob", "text": "Et ?", "replies": [{"author": "Eve", "text": "Non"}]},
        ]});
        let told: Vec<_> = read(&document).into_iter().map(|c| (c.id, c.parent)).collect();
        let told: Vec<_> =
            told.iter().map(|(id, parent)| (id.as_str(), parent.as_deref())).collect();
        assert_eq!(told, [("r1", None), ("r2", None), ("r3", Some("r2"))]);
    }

    #[test]
    fn a_row_of_a_table_is_left_to_the_table() {
        for row in [
            json!({"id": 1, "text": "Oui"}),
            json!({"id": 1, "text": "Oui", "labels": ["a"], "replies": ["2"]}),
            json!({"status": "ok", "message": "rien"}),
        ] {
            assert!(find(&row, false, &Overrides::default()).is_none(), "{row}");
        }
    }

    #[test]
    fn an_empty_list_of_comments_is_known_as_one() {
        assert!(find(&json!({"comments": []}), false, &Overrides::default()).is_some());
    }
}
