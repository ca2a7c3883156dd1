//! Tells what kind of file a text is: by its content first, by the file's name where the content does not tell.

use std::fmt;
use std::path::Path;

use super::table::{guess, knows};

/// What kind of file an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A saved page.
    Html,
    /// A page as plain text.
    Dump,
    /// A table with delimited cells.
    Csv,
    /// JSON objects, one a line or in an array.
    Jsonl,
    /// An XML export.
    Xml,
    /// A workbook of sheets; no text tells it.
    Spreadsheet,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Html => "an HTML page",
            Kind::Dump => "plain text",
            Kind::Csv => "a CSV table",
            Kind::Jsonl => "JSON",
            Kind::Xml => "an XML export",
            Kind::Spreadsheet => "a spreadsheet",
        })
    }
}

/// Elements that open a page or a piece of one.
const ELEMENTS: [&str; 24] = [
    "!doctype html",
    "a",
    "article",
    "aside",
    "body",
    "center",
    "div",
    "form",
    "h1",
    "h2",
    "head",
    "html",
    "iframe",
    "li",
    "link",
    "main",
    "meta",
    "ol",
    "p",
    "script",
    "section",
    "span",
    "table",
    "ul",
];

/// The kind of a file that begins with `head` and bears `name`.
pub fn sniff(head: &str, name: &str) -> Kind {
    let start = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if opens_json(start) {
        return Kind::Jsonl;
    }
    if is_xml_export(start) {
        return Kind::Xml;
    }
    if let Some(kind) = markup(start) {
        return kind;
    }
    let by_name = by_name(name);
    if by_name == Some(Kind::Html) && start.contains("</") {
        return Kind::Html;
    }
    if by_name == Some(Kind::Csv) || is_table(head) {
        return Kind::Csv;
    }
    let closing = ["</div>", "</p>", "</span>", "</li>", "</html>"];
    if closing.iter().map(|tag| start.matches(tag).count()).sum::<usize>() > 2 {
        return Kind::Html;
    }
    by_name.unwrap_or(Kind::Dump)
}

/// XML that bears the namespace of an export; a stray character may stand before it, or a document type.
fn is_xml_export(start: &str) -> bool {
    let opens = start.chars().take(8).any(|c| c == '<');
    let spaces = ["http://wordpress.org/export/", "http://disqus.com/disqus-internals"];
    let mut rest = start.chars();
    let cut = rest.nth(8_000 - 1).is_some();
    let head = if cut { &start[..start.len() - rest.as_str().len()] } else { start };
    let holds = |part: &str| memchr::memmem::find(head.as_bytes(), part.as_bytes()).is_some();
    opens && spaces.into_iter().any(holds) && !holds("<html")
}

fn opens_json(start: &str) -> bool {
    let opens = |text: &str, bracket: char, next: &[char]| {
        text.strip_prefix(bracket).is_some_and(|inner| inner.trim_start().starts_with(next))
    };
    opens(start, '{', &['"', '}']) || opens(start, '[', &['{', ']'])
}

/// The kind of a text that begins with markup: HTML, or XML that is not.
fn markup(start: &str) -> Option<Kind> {
    let mut rest = start;
    while let Some(comment) = rest.strip_prefix("<!--") {
        rest = comment.split_once("-->").map_or("", |(_, after)| after).trim_start();
        if rest.is_empty() {
            return Some(Kind::Html);
        }
    }
    let open: String =
        rest.strip_prefix('<')?.chars().take(2000).collect::<String>().to_ascii_lowercase();
    let ends =
        |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == ':');
    let is_html =
        |text: &str| ELEMENTS.iter().any(|element| text.strip_prefix(element).is_some_and(ends));
    if is_html(&open) || (open.starts_with("?xml") && open.contains("<html")) {
        Some(Kind::Html)
    } else if ["?xml", "rss", "disqus", "feed"]
        .iter()
        .any(|element| open.strip_prefix(element).is_some_and(ends))
    {
        Some(Kind::Xml)
    } else {
        None
    }
}

/// A header line of known names, or of short ones, over records that are cut alike.
fn is_table(head: &str) -> bool {
    let guess = guess(head, false);
    let (columns, records, even) = (guess.header.len(), guess.records, guess.even);
    if guess.told {
        return true;
    }
    let mostly_even = even * 2 >= records;
    match columns {
        // One column proves nothing, unless it bears our own name for it.
        0 | 1 => guess.header.first().is_some_and(|name| name == "text"),
        _ if records == 0 => guess.known > 1 && head.trim_end().lines().count() == 1,
        2 => {
            mostly_even
                && guess.known > 0
                && records > 0
                && guess.header.iter().any(|name| knows(name))
        }
        _ if guess.known > 0 => mostly_even,
        // Sentences hold commas; the names of columns are short and not empty.
        _ => {
            even * 10 >= records * 9
                && records > 1
                && guess.header.iter().all(|name| is_short(name))
        }
    }
}

fn is_short(name: &str) -> bool {
    !name.is_empty() && name.len() < 40 && name.split_whitespace().count() < 5
}

/// What the ending of the file's name says.
fn by_name(name: &str) -> Option<Kind> {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
    match Path::new(name).extension()?.to_str()? {
        "html" | "htm" | "xhtml" | "shtml" => Some(Kind::Html),
        "csv" | "tsv" => Some(Kind::Csv),
        "json" | "jsonl" | "ndjson" => Some(Kind::Jsonl),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_before_the_name_does() {
        let cases = [
            ("<!DOCTYPE html><html>", "a.csv", Kind::Html),
            ("<!-- saved from url -->\n<html>", "-", Kind::Html),
            ("<?xml version=\"1.0\"?><html xmlns=\"\">", "-", Kind::Html),
            ("<?xml version=\"1.0\"?>\n<rss version=\"2.0\">", "a.xml", Kind::Xml),
            ("{\"text\":\"a\"}\n", "a.txt", Kind::Jsonl),
            ("[\n {\"text\":\"a\"}]", "-", Kind::Jsonl),
            ("id,text\n1,bonjour\n", "a.txt", Kind::Csv),
            ("id;texte\n1;\"deux\nlignes\"\n", "-", Kind::Csv),
            ("text\nbonjour, toi\n", "-", Kind::Csv),
            ("sep=;\na;b\n", "-", Kind::Csv),
            ("un;deux;trois\n1;2;3\n4;5;6\n", "-", Kind::Csv),
        ];
        for (head, name, kind) in cases {
            assert_eq!(sniff(head, name), kind, "{head}");
        }
    }

    #[test]
    fn a_dump_is_not_taken_for_a_table() {
        let dumps = [
            "",
            "Accueil | Commentaires | Contact\n\nUn titre\n\nUne phrase, puis une autre.\n",
            "Commentaires\nAda, le 3 mai\nJe ne crois pas, non.\n",
            "Texte, date, auteur\n\nIl pleut.\n\nIl neige, dit-on, demain.\n\nVent.\n",
            "[Vidéo] Le lac\n{sic}\n",
            "<ada> bonjour\n<bob> salut\n",
            "Message, commentaire\nAda a écrit : bonjour\nBob : salut\nEve : oui\n",
        ];
        for dump in dumps {
            assert_eq!(sniff(dump, "page.txt"), Kind::Dump, "{dump}");
        }
    }

    #[test]
    fn the_name_tells_where_the_content_does_not() {
        assert_eq!(sniff("commentaire\nbonjour\n", "a.CSV.gz"), Kind::Csv);
        assert_eq!(sniff("bonjour <b>toi</b>", "a.htm"), Kind::Html);
        assert_eq!(sniff("bonjour", "a"), Kind::Dump);
    }
}
