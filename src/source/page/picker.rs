//! Builds tests of single elements from CSS selectors: a cheap look at name and class first, the selector engine only then.

use scraper::Selector;
use serde::Deserialize;

use super::dom::{At, Dom};

/// One CSS selector; `selector@attribute` reads an attribute in place of the text.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Picker {
    selector: Selector,
    tag: String,
    class: String,
    /// The attribute to read.
    pub attribute: Option<String>,
}

impl TryFrom<String> for Picker {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let (css, attribute) = match written.rsplit_once('@') {
            Some((css, attribute)) if !attribute.contains([']', '"']) => {
                (css, Some(attribute.to_owned()))
            }
            _ => (written.as_str(), None),
        };
        let selector =
            Selector::parse(css).map_err(|error| format!("`{css}` is not a selector: {error}"))?;
        let (tag, class) = hint(css);
        Ok(Picker { selector, tag, class, attribute })
    }
}

impl Picker {
    /// Whether the element at this place is meant.
    pub fn matches(&self, dom: &Dom<'_>, at: At) -> bool {
        if !self.tag.is_empty() && self.tag != dom.tag(at) {
            return false;
        }
        if !self.class.is_empty() && !dom.class(at).contains(self.class.as_str()) {
            return false;
        }
        dom.element(at).is_some_and(|element| self.selector.matches(&element))
    }
}

/// Whether any of these selectors means the element.
pub fn any(pickers: &[Picker], dom: &Dom<'_>, at: At) -> bool {
    pickers.iter().any(|picker| picker.matches(dom, at))
}

/// The name and one class that the selector's last part demands, as far as they can be read off.
fn hint(css: &str) -> (String, String) {
    if css.contains(',') || css.contains("\\") {
        return (String::new(), String::new());
    }
    let mut inside = 0i32;
    let mut start = 0;
    for (at, c) in css.char_indices() {
        match c {
            '[' | '(' => inside += 1,
            ']' | ')' => inside -= 1,
            ' ' | '>' | '+' | '~' if inside == 0 => start = at + 1,
            _ => {}
        }
    }
    let last = &css[start..];
    let name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let tag: String = last.chars().take_while(|&c| name(c)).collect();
    let rest = &last[tag.len()..];
    let simple = &rest[..rest.find(['[', ':', '(']).unwrap_or(rest.len())];
    let class =
        simple.split_once('.').map(|(_, class)| class.chars().take_while(|&c| name(c)).collect());
    (tag, class.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_gives_the_hint() {
        assert_eq!(hint("#a .b > li.comment.x:not(.y)"), ("li".into(), "comment".into()));
        assert_eq!(hint("[data-x=\"a b\"]"), (String::new(), String::new()));
        assert_eq!(hint(".a .b"), (String::new(), "b".into()));
    }

    #[test]
    fn an_attribute_may_be_read() {
        let picker = Picker::try_from("time[datetime]@datetime".to_owned()).unwrap();
        assert_eq!(picker.attribute.as_deref(), Some("datetime"));
        assert!(Picker::try_from("li[".to_owned()).is_err());
    }
}
