//! Writes and reads addresses of the desk: a view of the queue, a place in it, what was just done.

use form_urlencoded::Serializer;

use crate::store::{Cursor, View};

/// What the address of the queue tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Which items.
    pub view: View,
    /// After which of them.
    pub after: Option<Cursor>,
    /// The act that led here, to be told and taken back.
    pub did: Option<i64>,
}

impl Asked {
    /// Reads what follows the question mark.
    pub fn parse(query: &str) -> Asked {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let value =
            |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| &**value);
        let cursor = |text: &str| {
            let (key, item) = text.split_once('.')?;
            Some(Cursor { key: key.parse().ok()?, item: item.parse().ok()? })
        };
        Asked {
            view: View::from_pairs(pairs.iter().map(|(name, value)| (&**name, &**value))),
            after: value("after").and_then(cursor),
            did: value("did").and_then(|act| act.parse().ok()),
        }
    }

    /// The address.
    pub fn path(&self) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.view.pairs());
        if let Some(Cursor { key, item }) = self.after {
            query.append_pair("after", &format!("{key}.{item}"));
        }
        if let Some(act) = self.did {
            query.append_pair("did", &act.to_string());
        }
        match query.finish() {
            query if query.is_empty() => "/".to_string(),
            query => format!("/?{query}"),
        }
    }
}

/// The address of a view.
pub(super) fn of(view: &View) -> String {
    Asked { view: view.clone(), ..Asked::default() }.path()
}

/// What follows the question mark in the address of a view.
pub(super) fn query(view: &View) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(view.pairs()).finish()
}

/// The page `back`, told what was done there.
pub(super) fn did(back: &str, act: i64) -> String {
    let back = undone(back);
    let mark = if back.contains('?') { '&' } else { '?' };
    format!("{back}{mark}did={act}")
}

/// An address without what was done.
pub(super) fn undone(back: &str) -> String {
    let Some((path, query)) = back.split_once('?') else { return back.to_string() };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("did=")).collect();
    if kept.is_empty() || kept == [""] {
        path.to_string()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_the_same_when_it_is_read_again() {
        let path = "/?label=insult&author=Zo%C3%A9+%26+Cie&after=-12.7&did=9";
        let asked = Asked::parse(path.split_once('?').unwrap().1);
        assert_eq!(asked.view.author.as_deref(), Some("Zoé & Cie"));
        assert_eq!((asked.after, asked.did), (Some(Cursor { key: -12, item: 7 }), Some(9)));
        assert_eq!(asked.path(), path);
        assert_eq!(Asked::parse("after=x&did=").path(), "/");
    }

    #[test]
    fn what_was_done_is_told_once() {
        assert_eq!(did("/", 3), "/?did=3");
        assert_eq!(did("/?did=2&label=insult", 3), "/?label=insult&did=3");
        assert_eq!(undone("/item/4?did=2"), "/item/4");
    }
}
