//! Writes and reads the addresses of the page that asks: about which label, in which order, in which round.

use form_urlencoded::Serializer;

use crate::triage::Strategy;

/// What the address tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The label asked about, one of the model's.
    pub label: String,
    /// What comes first.
    pub strategy: Strategy,
    /// The last decision before the round began; none where it begins now.
    pub since: Option<i64>,
    /// The act that led here.
    pub did: Option<i64>,
}

impl Asked {
    /// Reads what follows the question mark; none where the model has no label. What is unknown counts as not said.
    pub fn parse(query: &str, labels: &[String]) -> Option<Asked> {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let value =
            |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| &**value);
        let number = |name: &str| value(name).and_then(|value| value.parse().ok());
        let label = labels.iter().find(|label| value("label") == Some(label));
        Some(Asked {
            label: label.or(labels.first())?.clone(),
            strategy: value("strategy").and_then(Strategy::named).unwrap_or_default(),
            since: number("since"),
            did: number("did"),
        })
    }

    /// The address, without what was done.
    pub fn path(&self) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("label", &self.label).append_pair("strategy", self.strategy.name());
        if let Some(since) = self.since {
            query.append_pair("since", &since.to_string());
        }
        format!("/label?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_the_same_when_it_is_read_again() {
        let labels = ["insult".to_string(), "c & d".to_string()];
        let asked = Asked::parse("label=c+%26+d&strategy=mix&since=7&did=9", &labels).unwrap();
        assert_eq!((asked.strategy, asked.since, asked.did), (Strategy::Mix, Some(7), Some(9)));
        assert_eq!(asked.path(), "/label?label=c+%26+d&strategy=mix&since=7");
        let bare = Asked::parse("label=joke&strategy=best&since=x", &labels).unwrap();
        assert_eq!(bare.path(), "/label?label=insult&strategy=risk");
        assert_eq!(Asked::parse("", &[]), None);
    }
}
