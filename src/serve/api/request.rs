//! Reads the bodies of Perspective's requests. Fields that it does not know are left out of account, as old clients send many.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::object::Object;

/// What `comments:analyze` is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Analyze {
    pub comment: Option<Object<Text>>,
    pub context: Option<Object<Context>>,
    #[serde(alias = "requested_attributes")]
    pub requested_attributes: Option<BTreeMap<String, Option<Object<Wish>>>>,
    #[serde(deserialize_with = "list")]
    pub languages: Option<Vec<String>>,
    #[serde(alias = "span_annotations")]
    pub span_annotations: Option<bool>,
    #[serde(alias = "drop_unsupported_attributes")]
    pub drop_unsupported_attributes: Option<bool>,
    #[serde(alias = "client_token")]
    pub client_token: Option<String>,
}

/// What `comments:suggestscore` is told.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Suggest {
    pub comment: Option<Object<Text>>,
    pub context: Option<Object<Context>>,
    #[serde(alias = "attribute_scores")]
    pub attribute_scores: Option<BTreeMap<String, Option<Object<Said>>>>,
    #[serde(deserialize_with = "list")]
    pub languages: Option<Vec<String>>,
    #[serde(alias = "community_id")]
    pub community_id: Option<String>,
    #[serde(alias = "client_token")]
    pub client_token: Option<String>,
}

/// A text, and what it is written in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Text {
    pub text: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// What a comment stands under: a list, or both by name.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Context {
    pub entries: Option<Vec<Object<Text>>>,
    #[serde(alias = "article_and_parent_comment")]
    pub article_and_parent_comment: Option<Object<ArticleAndParent>>,
}

/// The article, and the comment that is answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ArticleAndParent {
    #[serde(alias = "parent_comment")]
    pub parent_comment: Option<Object<Text>>,
}

/// How an attribute is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Wish {
    #[serde(alias = "score_type")]
    pub score_type: Option<String>,
    #[serde(alias = "score_threshold")]
    pub score_threshold: Option<f64>,
}

/// What somebody says an attribute's score should be.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Said {
    #[serde(alias = "summary_score")]
    pub summary_score: Option<Object<Score>>,
    #[serde(alias = "span_scores")]
    pub span_scores: Option<Vec<Object<Span>>>,
}

/// A score for part of a text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Span {
    /// A whole number; some clients write it as 3.0.
    pub begin: Option<f64>,
    /// As `begin`.
    pub end: Option<f64>,
    pub score: Option<Object<Score>>,
}

/// A score.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Score {
    pub value: Option<f64>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// Takes a text alone for a list of one: R's clients write vectors of one so.
fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Listed {
        One(String),
        Many(Vec<String>),
    }
    let listed = Option::<Listed>::deserialize(from)?;
    Ok(listed.map(|listed| match listed {
        Listed::One(one) => vec![one],
        Listed::Many(many) => many,
    }))
}

impl Context {
    /// The text that the comment answers: the last entry, as clients send the article first.
    pub(super) fn parent(&self) -> Option<&str> {
        let last = self.entries.as_ref().and_then(|entries| entries.last());
        let named = self.article_and_parent_comment.as_ref();
        let parent = last.or_else(|| named.and_then(|named| named.parent_comment.as_ref()))?;
        parent.text.as_deref().filter(|text| !text.trim().is_empty())
    }

    /// Whether it is filled in both ways, which is one too many.
    pub(super) fn is_double(&self) -> bool {
        self.entries.as_ref().is_some_and(|entries| !entries.is_empty())
            && self.article_and_parent_comment.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_language_is_a_list_of_one() {
        let languages = |json: &str| {
            let read: Option<Analyze> = serde_json::from_str(json).ok();
            read.map(|asked| asked.languages.unwrap_or_default())
        };
        assert_eq!(languages(r#"{"languages": "fr"}"#), Some(vec!["fr".to_string()]));
        assert_eq!(languages(r#"{"languages": ["fr"]}"#), languages(r#"{"languages": "fr"}"#));
        assert_eq!(languages("{}"), Some(Vec::new()));
        assert_eq!(languages(r#"{"languages": null}"#), Some(Vec::new()));
        assert_eq!(languages(r#"{"languages": [1]}"#), None);
    }
}
