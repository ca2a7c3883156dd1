//! Parses a page into the tree that html5ever makes of it: its tree builder is fed by a tokenizer of our own, which goes
//! through a page in large steps where html5ever's goes character by character.
//!
//! What is odd in a page is left to html5ever's own tokenizer: one piece of markup, or all that is left of the page.

mod attributes;
mod reference;

use ego_tree::Tree;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, State};
use html5ever::tokenizer::{
    BufferQueue, CharacterTokens, CommentToken, EOFToken, EndTag, StartTag, Tag, TagToken, Token,
    TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{LocalName, TokenizerResult};
use rustc_hash::FxHashMap;
use scraper::{Html, HtmlTreeSink, Node};

use reference::{Within, decoded};

type Handle = <HtmlTreeSink as TreeSink>::Handle;
type Builder = TreeBuilder<Handle, HtmlTreeSink>;

/// The tree of a page: that of `Html::parse_document`.
pub fn document(html: &str) -> Html {
    // What becomes of a zero byte depends on its place.
    if memchr::memchr(0, html.as_bytes()).is_some() {
        return Html::parse_document(html);
    }
    let html = html.strip_prefix(MARK).unwrap_or(html);
    let mut tree = Html::new_document();
    // A tag makes an element or ends one, and a text stands behind it at the most: there is mostly room enough.
    let tags = memchr::memchr_iter(b'<', html.as_bytes()).count();
    tree.tree = Tree::with_capacity(Node::Document, tags + 16);
    let builder = TreeBuilder::new(HtmlTreeSink::new(tree), OPTIONS);
    // Returns are newlines wherever they stand.
    let newlines = memchr::memchr(b'\r', html.as_bytes())
        .map(|_| html.replace("\r\n", "\n").replace('\r', "\n"));
    let html = newlines.as_deref().unwrap_or(html);
    let walk = Walk {
        html,
        page: StrTendril::from_slice(html),
        at: 0,
        builder: &builder,
        names: FxHashMap::default(),
    };
    walk.run();
    builder.sink.finish()
}

const OPTIONS: TreeBuilderOpts = TreeBuilderOpts {
    exact_errors: false,
    scripting_enabled: true,
    iframe_srcdoc: false,
    drop_doctype: false,
    quirks_mode: html5ever::tree_builder::QuirksMode::NoQuirks,
};

/// The byte order mark.
const MARK: char = '\u{feff}';
/// No page made in good faith has more names; a hostile one could choose some that are hard to tell apart.
const MOST_NAMES: usize = 1_000;

struct Walk<'h> {
    html: &'h str,
    /// The same text; the tree's texts are parts of it.
    page: StrTendril,
    at: usize,
    builder: &'h Builder,
    /// The names of elements and attributes as written.
    names: FxHashMap<&'h str, LocalName>,
}

/// How the walk goes on.
enum Next {
    Markup,
    /// The inside of an element is no markup.
    Raw(RawKind, LocalName),
    /// From here on, the page is html5ever's.
    Odd(State, Option<LocalName>),
}

impl<'h> Walk<'h> {
    fn run(mut self) {
        let mut next = Next::Markup;
        loop {
            next = match next {
                Next::Markup => {
                    let Some(next) = self.step() else { break };
                    next
                }
                Next::Raw(kind, name) => self.raw(kind, name),
                Next::Odd(state, name) => return self.leave(state, name),
            };
        }
        let _ = self.send(EOFToken);
        self.builder.end();
    }

    /// Gives the rest of the page to html5ever's tokenizer.
    fn leave(mut self, state: State, name: Option<LocalName>) {
        // It drops a mark where it begins.
        while self.html[self.at..].starts_with(MARK) {
            let _ = self.send(CharacterTokens(self.part(self.at, self.at + MARK.len_utf8())));
            self.at += MARK.len_utf8();
        }
        let tokenizer = tokenizer(self.builder, state, name);
        feed(&tokenizer, self.part(self.at, self.html.len()));
        tokenizer.end();
    }

    /// Gives the markup up to `end` to html5ever's tokenizer, which is then done with it.
    fn lend(&mut self, end: usize) -> Next {
        feed(&tokenizer(self.builder, State::Data, None), self.part(self.at, end));
        self.at = end;
        Next::Markup
    }

    fn part(&self, from: usize, to: usize) -> StrTendril {
        self.page.subtendril(from as u32, (to - from) as u32)
    }

    fn send(&self, token: Token) -> TokenSinkResult<Handle> {
        self.builder.process_token(token, 1)
    }

    /// Goes past a text and the markup behind it; none at the end of the page.
    fn step(&mut self) -> Option<Next> {
        let bytes = self.html.as_bytes();
        let rest = bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let text = memchr::memchr(b'<', rest).unwrap_or(rest.len());
        if text > 0 && self.text(self.at + text, Within::Text).is_none() {
            return Some(Next::Odd(State::Data, None));
        }
        let rest = &bytes[self.at..];
        Some(match rest {
            [] => return None,
            [_, first, ..] if first.is_ascii_alphabetic() => self.tag(false),
            [_, b'/', first, ..] if first.is_ascii_alphabetic() => self.tag(true),
            [_, b'!', b'-', b'-', ..] => self.comment(),
            [_] | [_, b'/'] => Next::Odd(State::Data, None),
            _ if rest.starts_with(b"<![CDATA[") => Next::Odd(State::Data, None),
            [_, b'!' | b'?' | b'/', ..] => match memchr::memchr(b'>', rest) {
                Some(end) => self.lend(self.at + end + 1),
                None => Next::Odd(State::Data, None),
            },
            _ => {
                let _ = self.send(CharacterTokens(self.part(self.at, self.at + 1)));
                self.at += 1;
                Next::Markup
            }
        })
    }

    /// Sends the text up to `end`; none, and nothing sent, where that is odd.
    fn text(&mut self, end: usize, within: Within) -> Option<()> {
        let text = &self.html[self.at..end];
        let text = match within {
            Within::Text if memchr::memchr(b'&', text.as_bytes()).is_some() => {
                let decoded = decoded(text, within);
                // Whether a newline behind `<pre>` is dropped depends on how it is written.
                if decoded.starts_with('\n') && text.starts_with('&') {
                    return None;
                }
                decoded
            }
            _ => self.part(self.at, end),
        };
        self.at = end;
        let _ = self.send(CharacterTokens(text));
        Some(())
    }

    fn comment(&mut self) -> Next {
        let from = self.at + "<!--".len();
        let rest = &self.html.as_bytes()[from..];
        let (length, end) = if rest.starts_with(b">") {
            (0, 1)
        } else if rest.starts_with(b"->") {
            (0, 2)
        } else {
            let Some(whole) = memchr::memmem::find(rest, b"-->") else {
                return Next::Odd(State::Data, None);
            };
            match memchr::memmem::find(&rest[..whole + 2], b"--!>") {
                Some(length) => (length, length + 4),
                None => (whole, whole + 3),
            }
        };
        let _ = self.send(CommentToken(self.part(from, from + length)));
        self.at = from + end;
        Next::Markup
    }

    fn tag(&mut self, closes: bool) -> Next {
        let Some((tag, end)) = self.read_tag(closes) else { return Next::Odd(State::Data, None) };
        self.at = end;
        let name = tag.name.clone();
        match self.send(TagToken(tag)) {
            TokenSinkResult::RawData(kind) => Next::Raw(kind, name),
            TokenSinkResult::Plaintext => Next::Odd(State::Plaintext, None),
            // Nothing runs a script, and the charset is known; html5ever begins anew behind both, and drops a mark there.
            TokenSinkResult::Script(_) | TokenSinkResult::EncodingIndicator(_) => {
                if self.html[self.at..].starts_with(MARK) {
                    self.at += MARK.len_utf8();
                }
                Next::Markup
            }
            TokenSinkResult::Continue => Next::Markup,
        }
    }

    /// The tag that begins here and where it ends, unless the page ends before.
    fn read_tag(&mut self, closes: bool) -> Option<(Tag, usize)> {
        let from = self.at + 1 + usize::from(closes);
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        let length = self.html.as_bytes()[from..].iter().position(ends)?;
        let name = self.name(from, from + length);
        let read = self.attributes(from + length)?;
        let kind = if closes { EndTag } else { StartTag };
        let tag = Tag {
            kind,
            name,
            self_closing: read.self_closing,
            attrs: read.list,
            had_duplicate_attributes: read.repeated,
        };
        Some((tag, read.end))
    }

    fn name(&mut self, from: usize, to: usize) -> LocalName {
        let written = &self.html[from..to];
        if let Some(known) = self.names.get(written) {
            return known.clone();
        }
        let name = LocalName::from(written.to_ascii_lowercase());
        if self.names.len() < MOST_NAMES {
            self.names.insert(written, name.clone());
        }
        name
    }

    /// Goes through an element whose inside is no markup, up to its end tag.
    fn raw(&mut self, kind: RawKind, name: LocalName) -> Next {
        let rest = &self.html.as_bytes()[self.at..];
        let ends = |&start: &usize| {
            let tag = rest.get(start + 2..start + 2 + name.len());
            let behind = rest.get(start + 2 + name.len());
            rest.get(start + 1) == Some(&b'/')
                && tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
                && behind.is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        };
        let Some(end) = memchr::memchr_iter(b'<', rest).find(ends) else {
            return Next::Odd(State::RawData(kind), Some(name));
        };
        let within = if kind == RawKind::Rcdata { Within::Text } else { Within::Raw };
        // A script that is commented out inside a script has an end of its own.
        let odd = kind == RawKind::ScriptData
            && memchr::memmem::find(&rest[..end], b"<!--").is_some()
            && memchr::memmem::find(&rest[..end].to_ascii_lowercase(), b"<script").is_some();
        if odd || (end > 0 && self.text(self.at + end, within).is_none()) {
            return Next::Odd(State::RawData(kind), Some(name));
        }
        match self.tag(true) {
            Next::Odd(State::Data, _) => Next::Odd(State::RawData(kind), Some(name)),
            next => next,
        }
    }
}

/// The tree builder as the sink of html5ever's tokenizer, which wants to own it.
struct Lent<'b>(&'b Builder);

impl TokenSink for Lent<'_> {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        self.0.process_token(token, line)
    }

    fn end(&self) {
        self.0.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn tokenizer(builder: &Builder, state: State, name: Option<LocalName>) -> Tokenizer<Lent<'_>> {
    let options = TokenizerOpts {
        initial_state: Some(state),
        last_start_tag_name: name.map(|name| name.to_string()),
        ..TokenizerOpts::default()
    };
    Tokenizer::new(Lent(builder), options)
}

fn feed(tokenizer: &Tokenizer<Lent<'_>>, text: StrTendril) {
    let queue = BufferQueue::default();
    queue.push_back(text);
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Pieces of which pages are made, odd ones among them.
    const PIECES: &str = "<p>|</p>|<div class=\"a b\" id=x>|</div>|<b>|</b>|<i>|</i>|\
        <a href='?a=1&amp;b=2&copy=3&lt'>|</a>|un| |\n|\r\n|\r|\u{b}|été|\u{a0}|&|&amp;|&amp|&eacute;|&notit;|&notin;|&frac12x|\
        &#233;|&#xE9;|&#x80;|&#0;|&#10;|&#10|&#13;|&#99999999999;|&#xD800;|&#;|&#x;|&bne;|&;|&é|\0|\u{feff}|<|>|\"|'|=|/|\
        <!|<!-- a -->|<!-->|<!--->|<!-- a --!> b -->|<!--a--!--->|<!--|--|-->|<!DOCTYPE html>|\
        <!doctype html PUBLIC \"-//W3C//DTD HTML 3.2//EN\">|<!doctype>|<?xml a?>|</ a>|</>|<![CDATA[a]]>|<![endif]>|<![CDA|\
        <svg>|</svg>|<svg/>|<math><mi>|</math>|<foreignObject>|<title>|</title>|<textarea>|</textarea >|\
        <script>|</script>|</SCRIPT/a=b>|<SCRIPT>|<style>|</style|<noscript>|</noscript>|<iframe>|</iframe>|<plaintext>|\
        <table>|<tr>|<td>|</table>|<pre>|<select>|<option selected>|</select>|<template>|</template>|<frameset>|\
        <br/>|</br>|<input a=b/>|<img/ a /b=c>|<A B=C b=d>|<x-y a=\"\" =b c = \"d\"e>|<li|<font size=1>|<meta charset=x>|<a\tb>";

    fn pieces() -> Vec<&'static str> {
        PIECES.split('|').collect()
    }

    fn same(page: &str) {
        let (ours, theirs) = (document(page), Html::parse_document(page));
        assert!(
            ours.tree == theirs.tree && ours.quirks_mode == theirs.quirks_mode,
            "{page:?}\n{}\n{}",
            ours.html(),
            theirs.html()
        );
    }

    #[test]
    fn the_tree_of_a_piece_is_that_of_html5ever() {
        same("");
        for one in pieces() {
            for other in pieces() {
                same(&format!("<p>{one}{other}"));
                same(&format!("{one}<pre>{other}\n"));
            }
        }
    }

    #[test]
    fn the_trees_of_our_pages_are_those_of_html5ever_wherever_they_end() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/profiles");
        let files = folder.read_dir().unwrap().map(|file| file.unwrap().path());
        let mut seen = 0;
        for file in files.filter(|file| file.extension().is_some_and(|end| end == "html")) {
            let page = std::fs::read_to_string(file).unwrap();
            let ends = (0..=page.len()).step_by(97).chain([page.len()]);
            ends.filter(|&end| page.is_char_boundary(end)).for_each(|end| same(&page[..end]));
            seen += 1;
        }
        assert!(seen > 50);
    }

    proptest! {
        #[test]
        fn the_tree_of_a_page_is_that_of_html5ever(pieces in prop::collection::vec(prop::sample::select(pieces()), 0..24)) {
            same(&pieces.concat());
        }
    }
}
