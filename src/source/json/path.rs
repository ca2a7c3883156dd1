//! Defines where a value stands in a JSON document: `revisions[-1].body`, `items[]`, `/title`.

use serde::Deserialize;
use serde_json::Value;

/// The way to values: from a record, or from the whole document when it begins with `/`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Path {
    rooted: bool,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Into a field.
    Key(String),
    /// To every element.
    Each,
    /// To the last element.
    Last,
}

impl TryFrom<String> for Path {
    type Error = String;

    fn try_from(text: String) -> Result<Path, String> {
        let rooted = text.starts_with('/');
        let mut steps = Vec::new();
        let path = text.strip_prefix('/').unwrap_or(&text);
        for part in path.split('.').filter(|_| !path.is_empty()) {
            let (key, element) = match (part.strip_suffix("[]"), part.strip_suffix("[-1]")) {
                (Some(key), _) => (key, Some(Step::Each)),
                (_, Some(key)) => (key, Some(Step::Last)),
                _ => (part, None),
            };
            if key.is_empty() || key.contains(['[', ']', '/']) {
                return Err(format!(
                    "expected name, name[] or name[-1], found \"{part}\" in \"{text}\""
                ));
            }
            steps.push(Step::Key(key.to_owned()));
            steps.extend(element);
        }
        Ok(Path { rooted, steps })
    }
}

impl Path {
    /// The way along these fields, whose last holds a list where `each` says so.
    pub fn of(keys: &[&str], each: bool) -> Path {
        let mut steps: Vec<Step> = keys.iter().map(|key| Step::Key((*key).to_owned())).collect();
        steps.extend(each.then_some(Step::Each));
        Path { rooted: false, steps }
    }

    /// Whether it leads to the record itself.
    pub fn is_self(&self) -> bool {
        self.steps.is_empty()
    }

    /// Every value it leads to that is not `null`, in order.
    pub fn all<'a>(&self, root: &'a Value, record: &'a Value) -> Vec<&'a Value> {
        let mut found = Vec::new();
        follow(&self.steps, if self.rooted { root } else { record }, &mut found);
        found
    }

    /// The first of them, as text: a string that is not blank, a number, or yes and no.
    pub fn text(&self, root: &Value, record: &Value) -> Option<String> {
        self.all(root, record).into_iter().find_map(told)
    }
}

fn follow<'a>(steps: &[Step], value: &'a Value, found: &mut Vec<&'a Value>) {
    let Some((step, rest)) = steps.split_first() else {
        if !value.is_null() {
            found.push(value);
        }
        return;
    };
    match (step, value) {
        (Step::Key(key), Value::Object(object)) => {
            if let Some(value) = object.get(key) {
                follow(rest, value, found);
            }
        }
        (Step::Each, Value::Array(list)) => {
            list.iter().for_each(|value| follow(rest, value, found));
        }
        (Step::Last, Value::Array(list)) => {
            if let Some(value) = list.last() {
                follow(rest, value, found);
            }
        }
        _ => {}
    }
}

fn told(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What must be true of a record: that a path leads somewhere, or to this very text (`kind=t1`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Condition {
    path: Path,
    value: Option<String>,
}

impl TryFrom<String> for Condition {
    type Error = String;

    fn try_from(text: String) -> Result<Condition, String> {
        let (path, value) = match text.split_once('=') {
            Some((path, value)) => (path.to_owned(), Some(value.to_owned())),
            None => (text, None),
        };
        Ok(Condition { path: Path::try_from(path)?, value })
    }
}

impl Condition {
    /// Whether the path leads to the text asked for, or to anything where none is asked for.
    pub fn holds(&self, root: &Value, record: &Value) -> bool {
        match &self.value {
            Some(value) => self
                .path
                .all(root, record)
                .into_iter()
                .any(|found| told(found).as_ref() == Some(value)),
            None => !self.path.all(root, record).is_empty(),
        }
    }

    /// As [`Condition::holds`]; but without a text asked for, an answer that says no does not hold.
    pub fn says_yes(&self, root: &Value, record: &Value) -> bool {
        let is_yes = |value: &Value| match told(value) {
            Some(text) => !matches!(text.as_str(), "false" | "0"),
            // A date may be an object.
            None => value.is_object(),
        };
        match &self.value {
            Some(_) => self.holds(root, record),
            None => self.path.all(root, record).into_iter().any(is_yes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(text: &str) -> Path {
        Path::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn paths_lead_through_fields_and_lists() {
        let root = json!({"title": "Le port", "a": [{"b": "un"}, {"b": null}, {"b": 3}]});
        let texts = |text: &str| path(text).text(&root, &root["a"][2]);
        assert_eq!(path("a[].b").all(&root, &root).len(), 2);
        assert_eq!(texts("b"), Some("3".to_owned()));
        assert_eq!(texts("/title"), Some("Le port".to_owned()));
        assert_eq!(texts("/a[-1].b"), Some("3".to_owned()));
        assert_eq!(texts("/a.b"), None);
        assert!(path("").is_self());
    }

    #[test]
    fn paths_that_make_no_sense_are_refused() {
        for wrong in ["a..b", "[]", "a[0]", "a[].[]", "/a/b"] {
            assert!(Path::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn conditions_ask_for_a_value_or_for_anything() {
        let record = json!({"kind": "t1", "spam": false, "gone": "2024-05-03"});
        let condition = |text: &str| Condition::try_from(text.to_owned()).unwrap();
        assert!(condition("kind=t1").holds(&record, &record));
        assert!(!condition("kind=t3").holds(&record, &record));
        assert!(condition("spam").holds(&record, &record));
        assert!(!condition("spam").says_yes(&record, &record));
        assert!(condition("gone").says_yes(&record, &record));
    }
}
