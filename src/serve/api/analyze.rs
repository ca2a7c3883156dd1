//! Answers `comments:analyze`: values from 0 to 1 for attributes of a comment, and for its sentences.

use std::ops::Range;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::engine::Engine;
use super::fault::{Fault, LONGEST, Named};
use super::name::{Meant, meant};
use super::object::Object;
use super::request::{Analyze, Text, Wish};
use super::span::{sentences, utf16};
use crate::attribute::{Attribute, Values};
use crate::feature::Context;
use crate::model::Model;
use crate::source::markup;
use crate::text::Language;

/// What is made of the languages that a request names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Languages {
    /// They are echoed; the text is read in its own. Clients name English for whatever they do not know.
    #[default]
    Lenient,
    /// Those that the model was not trained on are refused, as Perspective does.
    Strict,
}

/// The languages that the attributes are made for.
pub(super) const SERVED: [Language; 2] = [Language::En, Language::Fr];

/// The most attributes of a request: twice as many as there ever were.
const MOST: usize = 64;

/// The most scores of sentences in an answer that takes little memory.
const LITTLE: usize = 4096;

/// What is answered.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    #[serde(serialize_with = "by_name")]
    attribute_scores: Vec<(String, Scored)>,
    languages: Vec<String>,
    detected_languages: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_token: Option<String>,
    /// What vigie knows besides; for those who ask for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vigie: Option<Value>,
}

/// An attribute's scores.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Scored {
    span_scores: Vec<SpanScore>,
    summary_score: Score,
}

#[derive(Debug, Serialize)]
struct SpanScore {
    begin: usize,
    end: usize,
    score: Score,
}

#[derive(Debug, Serialize)]
struct Score {
    value: f64,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Score {
    fn of(value: f64) -> Score {
        // As many digits as Perspective gave: more would say nothing.
        Score { value: (value * 1e7).round() / 1e7, kind: "PROBABILITY" }
    }
}

fn by_name<S: Serializer>(scores: &[(String, Scored)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(scores.iter().map(|(name, scored)| (name, scored)))
}

/// The text of a comment.
///
/// # Errors
/// When there is none, when it is longer than Perspective took, or of a kind that is not read.
pub(super) fn text(comment: Option<&Text>, languages: Languages) -> Result<String, Fault> {
    let (text, kind) =
        comment.map_or((None, None), |one| (one.text.as_deref(), one.kind.as_deref()));
    let text = text.unwrap_or_default();
    if text.len() > LONGEST {
        return Err(Fault::TooLong(text.len()));
    }
    let text = match (kind, languages) {
        (None | Some("PLAIN_TEXT" | "TEXT_TYPE_UNSPECIFIED"), _) => text.to_string(),
        (Some("HTML"), Languages::Lenient) => markup::plain(text),
        (Some("HTML"), Languages::Strict) => {
            return Err(Fault::Invalid(
                "Currently, only 'PLAIN_TEXT' comments are supported".into(),
            ));
        }
        _ => return Err(Fault::Invalid("Unknown text type".into())),
    };
    if text.trim().is_empty() { Err(Fault::Empty) } else { Ok(text) }
}

/// Whether the answer may be large: every sentence is scored for every attribute.
pub(super) fn is_long(asked: &Analyze, text: &str) -> bool {
    let attributes = asked.requested_attributes.as_ref().map_or(0, |asked| asked.len()).min(MOST);
    // A sentence has a sign and a blank at the least, so most texts need not be cut to know.
    asked.span_annotations == Some(true)
        && attributes * text.len() / 2 > LITTLE
        && attributes * sentences(text).len() > LITTLE
}

/// An attribute that is asked for, under the name that it is asked by.
struct Wanted {
    name: String,
    attribute: Attribute,
    threshold: f64,
}

/// Answers a request with `engine`.
///
/// # Errors
/// What Perspective would have refused.
pub(super) fn analyze(
    engine: &Engine,
    policy: Languages,
    asked: Analyze,
    text: &str,
) -> Result<Answer, Fault> {
    let Analyze {
        context, requested_attributes, languages, span_annotations, client_token, ..
    } = asked;
    let Object(context) = context.unwrap_or_default();
    if context.is_double() {
        return Err(Fault::Invalid(
            "Context can have either entries or article_and_parent_comment, but both fields were populated."
                .into(),
        ));
    }
    let requested = requested_attributes.unwrap_or_default();
    if requested.is_empty() {
        return Err(Fault::NoAttributes);
    }
    if requested.len() > MOST {
        let told = format!("Too many requested attributes: {}, expected {MOST}", requested.len());
        return Err(Fault::Invalid(format!("{told} at the most")));
    }
    let languages = languages.unwrap_or_default();
    let place = Context { reply: context.parent().is_some(), depth: 0 };
    let (scores, whole) = engine.values(text, place);
    let (speech, named) = match languages.is_empty() {
        true => (vec![scores.language.code().to_string()], Named::Detected),
        false => (languages, Named::Requested),
    };
    let drop = asked.drop_unsupported_attributes.unwrap_or_default();
    let mut wanted = Vec::with_capacity(requested.len());
    for (name, wish) in requested {
        match want(engine.model(), name, wish.unwrap_or_default().0, &speech, named, policy) {
            Ok(one) => wanted.push(one),
            Err(Fault::Undetected | Fault::Language { .. } | Fault::Invalid(_)) if drop => {}
            Err(fault) => return Err(fault),
        }
    }
    let spans = match span_annotations.unwrap_or_default() {
        true => sentences(text),
        false => Vec::new(),
    };
    let parts = parts(engine, text, place, &spans, &whole);
    let attribute_scores =
        wanted.into_iter().filter_map(|Wanted { name, attribute, threshold }| {
            let value = whole.of(attribute);
            let span_scores = parts.iter().map(|(begin, end, values)| SpanScore {
                begin: *begin,
                end: *end,
                score: Score::of(values.of(attribute)),
            });
            let scored =
                || Scored { span_scores: span_scores.collect(), summary_score: Score::of(value) };
            (value >= threshold).then(|| (name, scored()))
        });
    Ok(Answer {
        attribute_scores: attribute_scores.collect(),
        languages: speech,
        detected_languages: [scores.language.code()],
        client_token,
        vigie: None,
    })
}

/// What is scored by itself: the sentences, or the whole where there is but one.
fn parts(
    engine: &Engine,
    text: &str,
    place: Context,
    spans: &[Range<usize>],
    whole: &Values,
) -> Vec<(usize, usize, Values)> {
    if spans.len() < 2 {
        return vec![(0, text.encode_utf16().count(), *whole)];
    }
    let places = utf16(text, spans);
    let scored = spans.iter().map(|span| engine.values(&text[span.clone()], place).1);
    places.into_iter().zip(scored).map(|((begin, end), values)| (begin, end, values)).collect()
}

fn want(
    model: &Model,
    name: String,
    wish: Wish,
    languages: &[String],
    named: Named,
    policy: Languages,
) -> Result<Wanted, Fault> {
    let attribute = match meant(&name) {
        Meant::Served(attribute) if attribute.origin(model).is_some() => attribute,
        Meant::Served(_) | Meant::Foreign => {
            let languages = languages.to_vec();
            return Err(Fault::Language { attribute: name, languages, named });
        }
        Meant::Unknown => {
            return Err(Fault::Invalid(format!("Unknown requested attribute: {name}")));
        }
    };
    match wish.score_type.as_deref() {
        None | Some("PROBABILITY" | "SCORE_TYPE_UNSPECIFIED") => {}
        Some(kind) => {
            let told = format!("Requested score type {kind} is not supported by attribute {name}");
            return Err(Fault::Invalid(told));
        }
    }
    if policy == Languages::Strict {
        let undetected = named == Named::Detected && languages == [Language::Unknown.code()];
        if undetected {
            return Err(Fault::Undetected);
        }
        if !languages.iter().all(|one| SERVED.contains(&language(one))) {
            let languages = languages.to_vec();
            return Err(Fault::Language { attribute: name, languages, named });
        }
    }
    Ok(Wanted { name, attribute, threshold: wish.score_threshold.unwrap_or(0.0) })
}

/// The language of a tag of BCP 47: `fr-CA` is French.
fn language(tag: &str) -> Language {
    let primary = tag.split(['-', '_']).next().unwrap_or(tag);
    Language::from_code(&primary.to_ascii_lowercase())
}
