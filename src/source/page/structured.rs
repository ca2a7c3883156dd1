//! Reads comments that a page tells in schema.org terms: JSON-LD, or microdata on its elements.

use serde_json::Value;

use super::body;
use super::dom::{At, Dom};
use super::draft::{Answered, Draft};
use super::record::{Extent, Record, records};
use super::{apply, author};
use crate::source::page::text::line;

/// How deep JSON-LD is followed.
const DEEPEST: u32 = 12;
/// Keys under which comments stand.
const KEYS: [&str; 4] = ["comment", "suggestedAnswer", "acceptedAnswer", "reply"];

/// The comments told, and in which manner.
pub fn read(dom: &Dom<'_>) -> Option<(Vec<Draft>, String)> {
    let marked = microdata(dom);
    if !marked.is_empty() {
        return Some((marked, "microdata".to_owned()));
    }
    let told = json_ld(dom);
    (!told.is_empty()).then(|| (told, "json-ld".to_owned()))
}

/// Comments marked as such by `itemtype` or `itemprop`.
pub fn microdata(dom: &Dom<'_>) -> Vec<Draft> {
    let is_comment =
        |&at: &At| dom.attr(at, "itemtype").is_some_and(|kind| kind.ends_with("/Comment"));
    let comments: Vec<At> = (0..dom.len()).filter(is_comment).collect();
    let has_inner_comment = |at: At| {
        let next = comments.partition_point(|&inner| inner <= at);
        comments.get(next).is_some_and(|&inner| inner < dom.end(at))
    };
    let marked = |&at: &At| {
        let kind =
            dom.attr(at, "itemtype").and_then(|kind| kind.rsplit('/').next()).unwrap_or_default();
        kind.eq_ignore_ascii_case("Comment")
            || kind == "Answer"
            || (kind == "UserComments" && !has_inner_comment(at))
    };
    let items: Vec<At> = (0..dom.len()).filter(marked).collect();
    let faq = (0..dom.len())
        .any(|at| dom.attr(at, "itemtype").is_some_and(|kind| kind.ends_with("/FAQPage")));
    if faq || items.is_empty() {
        return Vec::new();
    }
    let list = records(dom, &items, Extent::Item);
    let mut open: Vec<usize> = Vec::new();
    let mut drafts = Vec::new();
    for (index, record) in list.iter().enumerate() {
        while open.last().is_some_and(|&last| !dom.holds(list[last].item, record.item)) {
            open.pop();
        }
        let parent = open.last().map_or(Answered::Nobody, |&parent| Answered::Record(parent));
        open.push(index);
        drafts.push(Draft { parent, ..marked_draft(dom, record) });
    }
    let told =
        drafts.iter().filter(|draft| !draft.text.is_empty() && draft.author.is_some()).count();
    if told * 2 >= drafts.len() { drafts } else { Vec::new() }
}

fn marked_draft(dom: &Dom<'_>, record: &Record) -> Draft {
    let named = |names: &[&str]| {
        record.places().find(|&at| {
            at != record.item && dom.attr(at, "itemprop").is_some_and(|name| names.contains(&name))
        })
    };
    let author_at = named(&["author", "creator"]);
    let name_at = author_at.and_then(|outer| {
        (outer..dom.end(outer))
            .find(|&at| dom.attr(at, "itemprop") == Some("name") && dom.letters(at) > 0)
    });
    let author = name_at
        .or(author_at)
        .map(|at| author::clean(&shown(dom, at)))
        .filter(|name| !name.is_empty());
    let date_at = named(&["dateCreated", "datePublished", "commentTime", "datecreated"]);
    let date = date_at.and_then(|at| apply::date_text(dom, at, &line(dom, at)));
    let text = match named(&["text", "commentText", "reviewBody", "articleBody", "description"]) {
        Some(at) => body::of_elements(dom, &[at], |inner| !record.owns(inner)),
        None => {
            let heads: Vec<At> = author_at.into_iter().chain(date_at).collect();
            body::of_record(dom, record, &heads, |_| false)
        }
    };
    let id = Some(dom.id(record.item).to_owned()).filter(|id| !id.is_empty());
    Draft { item: record.item, id, author, date, text, ..Draft::default() }
}

fn shown(dom: &Dom<'_>, at: At) -> String {
    let seen = line(dom, at);
    if seen.is_empty() { dom.attr(at, "content").unwrap_or_default().to_owned() } else { seen }
}

/// Comments told in JSON-LD scripts.
pub fn json_ld(dom: &Dom<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for at in 0..dom.len() {
        if dom.tag(at) != "script" || dom.attr(at, "type") != Some("application/ld+json") {
            continue;
        }
        let Some(element) = dom.element(at) else { continue };
        let source: String = element.text().collect();
        let Ok(value) = serde_json::from_str::<Value>(&source) else { continue };
        find(&value, at, &mut drafts);
    }
    drafts
}

/// Goes through a document with a list of what is still to be read: no recursion, and no deeper than is sane.
fn find(document: &Value, script: At, drafts: &mut Vec<Draft>) {
    let mut open: Vec<(&Value, Option<usize>, bool, u32)> = vec![(document, None, false, 0)];
    while let Some((value, parent, is_comment, depth)) = open.pop() {
        if depth > DEEPEST {
            continue;
        }
        match value {
            Value::Array(list) => {
                open.extend(list.iter().rev().map(|inner| (inner, parent, is_comment, depth + 1)));
            }
            Value::Object(object) => {
                if is_type(value, "FAQPage") {
                    continue;
                }
                let mut here = parent;
                if is_comment && let Some(draft) = draft(value, script, parent) {
                    here = Some(drafts.len());
                    drafts.push(draft);
                }
                for (key, inner) in object.iter().rev() {
                    let comments = KEYS.contains(&key.as_str());
                    let around = comments
                        || matches!(key.as_str(), "@graph" | "mainEntity" | "mainEntityOfPage");
                    if around {
                        open.push((inner, here, comments, depth + 1));
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_type(value: &Value, wanted: &str) -> bool {
    match &value["@type"] {
        Value::String(name) => name == wanted,
        Value::Array(names) => names.iter().any(|name| name == wanted),
        _ => false,
    }
}

fn draft(value: &Value, script: At, parent: Option<usize>) -> Option<Draft> {
    let string = |value: &Value| {
        value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let text = ["text", "commentText", "articleBody", "description"]
        .iter()
        .find_map(|key| string(&value[*key]))?;
    let author = match &value["author"] {
        Value::Array(list) => {
            list.first().and_then(|author| string(&author["name"]).or_else(|| string(author)))
        }
        author => string(&author["name"]).or_else(|| string(author)),
    };
    let date =
        ["dateCreated", "datePublished", "commentTime"].iter().find_map(|key| string(&value[*key]));
    let id = ["identifier", "@id", "url"].iter().find_map(|key| string(&value[*key]));
    let answered = match &value["parentItem"] {
        Value::Object(_) => string(&value["parentItem"]["@id"]).map(Answered::Id),
        _ => None,
    };
    let parent = answered.or(parent.map(Answered::Record)).unwrap_or_default();
    Some(Draft {
        item: script,
        id,
        author,
        date,
        text: unmarked(&text),
        parent,
        ..Draft::default()
    })
}

/// The plain text of a text that may hold markup.
fn unmarked(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.to_owned();
    }
    let html = scraper::Html::parse_fragment(text);
    let dom = Dom::new(&html);
    super::text::plain(&dom, 0, dom.len(), |_| false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    #[test]
    fn answers_of_questions_are_comments_and_those_of_a_faq_are_not() {
        let page = |kind: &str| {
            format!(
                r#"<script type="application/ld+json">{{"@type":"{kind}","mainEntity":{{"@type":"Question","acceptedAnswer":{{"@type":"Answer","text":"Oui <b>bien</b>","author":{{"name":"Zoé"}},"comment":[{{"text":"Merci"}}]}}}}}}</script>"#
            )
        };
        let html = Html::parse_document(&page("QAPage"));
        let drafts = json_ld(&Dom::new(&html));
        assert_eq!(
            (drafts[0].text.as_str(), drafts[0].author.as_deref()),
            ("Oui bien", Some("Zoé"))
        );
        assert_eq!(drafts[1].parent, Answered::Record(0));
        let html = Html::parse_document(&page("FAQPage"));
        assert!(json_ld(&Dom::new(&html)).is_empty());
    }

    #[test]
    fn microdata_nests() {
        let page = r#"<div itemscope itemtype="https://schema.org/Comment"><b itemprop=author>Ali</b><p itemprop=text>Bonjour</p>
            <div itemscope itemtype="https://schema.org/Comment"><b itemprop=author>Zoé</b><p itemprop=text>Salut</p></div></div>"#;
        let html = Html::parse_document(page);
        let drafts = microdata(&Dom::new(&html));
        assert_eq!(drafts[1].parent, Answered::Record(0));
        assert_eq!(drafts[0].text, "Bonjour");
    }
}
