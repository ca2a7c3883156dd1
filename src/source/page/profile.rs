//! Reads profiles: one comment system each, its selectors as data. A profile says what a system's markup looks like and
//! knows nothing of how comments are built from it.

use regex::Regex;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::dom::{At, Dom};
use super::embedded::EMBEDDED;
use super::memo::Memo;
use super::picker::Picker;
use super::record::Extent;
use crate::error::{Error, ErrorKind, Result};

/// How one comment system marks up its comments.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// Whether the user brought it.
    #[serde(skip)]
    pub own: bool,
    /// The system.
    pub name: String,
    /// Marks of which one must be seen: `.class`, `#id`, `#prefix*` or `<element`; several in one string are demanded together.
    pub detect: Vec<String>,
    /// The element of one comment.
    pub item: Vec<Picker>,
    /// Items that are none.
    #[serde(default)]
    pub except: Vec<Picker>,
    /// Which siblings belong to it.
    #[serde(default)]
    pub extent: Extent,
    /// Its id, if not the element's own.
    pub id: Option<Value>,
    /// Who wrote it: the first of these that is there.
    #[serde(default)]
    pub author: Vec<Picker>,
    /// What of the author's text is the name (group 1).
    #[serde(default, deserialize_with = "pattern")]
    pub author_pattern: Option<Regex>,
    /// When.
    #[serde(default)]
    pub date: Vec<Picker>,
    /// What of the date's text is the date (group 1).
    #[serde(default, deserialize_with = "pattern")]
    pub date_pattern: Option<Regex>,
    /// What was written: the first of these that is there; without any, what is left of the item.
    #[serde(default)]
    pub body: Vec<Picker>,
    /// Whether all elements that the selector means make the text, or the first.
    #[serde(default)]
    pub body_span: BodySpan,
    /// What is cut out of the text.
    #[serde(default)]
    pub drop: Vec<Picker>,
    /// How replies are told.
    #[serde(default)]
    pub parent: ParentRule,
    /// What the site did with it.
    #[serde(default)]
    pub status: StatusMarks,
    /// Votes for minus votes against.
    #[serde(default)]
    pub votes: Vec<Picker>,
}

/// Elements of which one tells what the site did with a comment.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatusMarks {
    /// Taken away.
    pub deleted: Vec<Picker>,
    /// Folded away.
    pub hidden: Vec<Picker>,
    /// Waits for a moderator.
    pub pending: Vec<Picker>,
    /// A pingback or trackback.
    pub pingback: Vec<Picker>,
    /// Set above the others.
    pub pinned: Vec<Picker>,
}

/// Which of the elements meant make the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodySpan {
    /// The first.
    #[default]
    First,
    /// All.
    All,
}

/// A value read from the item or from an element of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The element, `@attribute` for one of its attributes; without it the item.
    pub select: Option<Picker>,
    /// An attribute of the item.
    pub attribute: Option<String>,
    /// What of it (group 1).
    #[serde(default, deserialize_with = "pattern")]
    pub pattern: Option<Regex>,
}

/// How replies are told.
#[derive(Debug, Default, Deserialize)]
#[serde(tag = "rule", deny_unknown_fields, rename_all = "kebab-case")]
pub enum ParentRule {
    /// A reply lies inside the item of the comment answered.
    #[default]
    Nesting,
    /// They are not told.
    Flat,
    /// A reply lies in a container that follows the comment answered; containers count the depth.
    Indented {
        /// The container.
        container: Vec<Picker>,
    },
    /// A number tells the depth.
    Depth {
        /// The number.
        value: Value,
        /// How much of it makes one step.
        #[serde(default = "one")]
        step: u32,
    },
    /// The id of the comment answered is told.
    Id {
        /// The id.
        value: Value,
    },
    /// Words tell the author answered.
    Words {
        /// The author.
        value: Value,
    },
}

fn one() -> u32 {
    1
}

fn pattern<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Regex>, D::Error> {
    let written = String::deserialize(deserializer)?;
    Regex::new(&written).map(Some).map_err(serde::de::Error::custom)
}

/// All profiles, and by which marks they are found.
#[derive(Debug)]
pub struct Profiles {
    list: Vec<Profile>,
    marks: Marks,
}

/// Which demands (profile, alternative, mark) a mark meets.
#[derive(Debug, Default)]
struct Marks {
    exact: FxHashMap<String, Vec<usize>>,
    prefixes: Vec<(String, Vec<usize>)>,
    /// The first bytes of the names that prefixes begin, behind their sigils; most names of a page begin otherwise.
    initials: FxHashSet<u8>,
    demands: Vec<(usize, usize)>,
}

impl Profiles {
    /// The profiles that come with the program.
    pub fn embedded() -> Result<Profiles> {
        Profiles::parse(EMBEDDED.iter().copied())
    }

    /// Reads profiles: (file name, TOML) pairs, in order of preference.
    pub fn parse<'s>(sources: impl IntoIterator<Item = (&'s str, &'s str)>) -> Result<Profiles> {
        let mut list: Vec<Profile> = Vec::new();
        for (name, source) in sources {
            let profile = toml::from_str(source).map_err(|error| {
                Error::new(ErrorKind::Profile(error.to_string().replace('\n', " "))).at_path(name)
            })?;
            list.push(profile);
        }
        let mut marks = Marks::default();
        for (profile, Profile { detect, .. }) in list.iter().enumerate() {
            for alternative in detect {
                let all: Vec<&str> = alternative.split_whitespace().collect();
                let demand = marks.demands.len();
                marks.demands.push((profile, all.len()));
                for mark in all {
                    match mark.strip_suffix('*') {
                        Some(prefix) => marks.add_prefix(prefix, demand),
                        None => marks.exact.entry(mark.to_owned()).or_default().push(demand),
                    }
                }
            }
        }
        Ok(Profiles { list, marks })
    }

    /// The user's profiles, given as (file name, TOML) pairs, before those that come with the program.
    pub fn with_own<'s>(sources: impl IntoIterator<Item = (&'s str, &'s str)>) -> Result<Profiles> {
        let own: Vec<(&str, &str)> = sources.into_iter().collect();
        let count = own.len();
        let mut profiles = Profiles::parse(own.into_iter().chain(EMBEDDED.iter().copied()))?;
        profiles.list.iter_mut().take(count).for_each(|profile| profile.own = true);
        Ok(profiles)
    }

    /// The profiles.
    pub fn list(&self) -> &[Profile] {
        &self.list
    }

    /// The profiles whose marks the page bears, in order of preference: one pass over names, classes and ids.
    pub fn detect(&self, dom: &Dom<'_>) -> Vec<&Profile> {
        let mut met = vec![0usize; self.marks.demands.len()];
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let mut key = String::new();
        let mut see = |sigil: char, name: &str, met: &mut Vec<usize>| {
            key.clear();
            key.push(sigil);
            key.push_str(name);
            if let Some((known, demands)) = self.marks.exact.get_key_value(key.as_str())
                && seen.insert(known)
            {
                demands.iter().for_each(|&demand| met[demand] += 1);
            }
            let initial = name.bytes().next().unwrap_or_default();
            if !self.marks.initials.contains(&initial) {
                return;
            }
            for (prefix, demands) in &self.marks.prefixes {
                if key.starts_with(prefix.as_str()) && seen.insert(prefix) {
                    demands.iter().for_each(|&demand| met[demand] += 1);
                }
            }
        };
        let mut known = Memo::new();
        for at in 0..dom.len() {
            let class = dom.class(at);
            if !class.is_empty() {
                known.get(class, |class| {
                    class.split_ascii_whitespace().for_each(|class| see('.', class, &mut met));
                });
            }
            if !dom.id(at).is_empty() {
                see('#', dom.id(at), &mut met);
            }
            let tag = dom.tag(at);
            if tag.contains('-') {
                see('<', tag, &mut met);
            }
        }
        self.found(&met)
    }

    fn found(&self, met: &[usize]) -> Vec<&Profile> {
        let mut found = vec![false; self.list.len()];
        for (&(profile, wanted), &met) in self.marks.demands.iter().zip(met) {
            found[profile] |= met >= wanted;
        }
        self.list
            .iter()
            .zip(found)
            .filter(|(_, found)| *found)
            .map(|(profile, _)| profile)
            .collect()
    }
}

impl Marks {
    fn add_prefix(&mut self, prefix: &str, demand: usize) {
        match prefix.as_bytes().get(1) {
            Some(&initial) => _ = self.initials.insert(initial),
            None => self.initials.extend(0..=u8::MAX),
        }
        match self.prefixes.iter_mut().find(|(known, _)| known == prefix) {
            Some((_, demands)) => demands.push(demand),
            None => self.prefixes.push((prefix.to_owned(), vec![demand])),
        }
    }
}

impl Value {
    /// The value in this record's own elements.
    pub fn read(
        &self,
        dom: &Dom<'_>,
        item: At,
        places: impl Iterator<Item = At>,
    ) -> Option<String> {
        let raw = match &self.select {
            Some(picker) => {
                let at = places.into_iter().find(|&at| picker.matches(dom, at))?;
                match &picker.attribute {
                    Some(attribute) => dom.attr(at, attribute)?.to_owned(),
                    None => super::text::line(dom, at),
                }
            }
            None => dom.attr(item, self.attribute.as_deref().unwrap_or("id"))?.to_owned(),
        };
        captured(self.pattern.as_ref(), &raw)
    }
}

/// What the pattern takes of a text; all of it without a pattern.
pub fn captured(pattern: Option<&Regex>, raw: &str) -> Option<String> {
    match pattern {
        None => Some(raw.to_owned()),
        Some(pattern) => Some(pattern.captures(raw)?.get(1)?.as_str().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    #[test]
    fn every_embedded_profile_can_be_used() {
        let profiles = Profiles::embedded().unwrap();
        assert!(profiles.list().len() >= 40);
        for profile in profiles.list() {
            assert!(!profile.detect.is_empty() && !profile.item.is_empty(), "{}", profile.name);
            let sigils = profile
                .detect
                .iter()
                .flat_map(|marks| marks.split(' '))
                .all(|mark| mark.starts_with(['.', '#', '<']));
            assert!(sigils, "{}", profile.name);
        }
    }

    #[test]
    fn an_unknown_key_or_a_bad_selector_is_an_error() {
        let source = |line: &str| format!("name = 'X'\ndetect = ['.x']\nitem = ['.x']\n{line}");
        assert!(Profiles::parse([("x.toml", source("").as_str())]).is_ok());
        for line in ["auteur = ['.y']", "author = ['li[']", "parent = { rule = 'magic' }"] {
            let error = Profiles::parse([("x.toml", source(line).as_str())]).unwrap_err();
            assert!(error.to_string().starts_with("x.toml: profile: "), "{error}");
        }
    }

    #[test]
    fn all_marks_of_an_alternative_are_demanded() {
        let source = "name = 'X'\ndetect = ['.x #y*']\nitem = ['.x']";
        let profiles = Profiles::parse([("x.toml", source)]).unwrap();
        let found = |page: &str| {
            let html = Html::parse_document(page);
            profiles.detect(&Dom::new(&html)).len()
        };
        assert_eq!((found("<p class=x>"), found("<p class=x><b id=y7>")), (0, 1));
    }
}
