//! Builds the sheet of a dump: its lines, each with what was seen in it, so that every line is looked at once.

use std::collections::HashMap;
use std::ops::Range;

use super::area::{self, Notice};
use super::date;
use super::head::{self, Head, Shape};
use super::line::{self, Line};
use super::markers::MARKERS;
use super::phrase;

/// The lines of a dump and what each says.
pub(super) struct Sheet<'a> {
    pub lines: Vec<Line<'a>>,
    pub notices: Vec<Option<Notice>>,
    pub heads: Vec<Option<Box<Head>>>,
    pub voices: Vec<Voice>,
    /// Buttons that only a comment has: « Répondre », not « Partager ».
    pub vouchers: Vec<bool>,
    /// Where each line stands that says that the area ends.
    ends: HashMap<&'a str, Vec<usize>>,
}

/// Who speaks in a line: a reader, or the page around the comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// May be a reader's text.
    Text,
    /// Buttons that stand with a comment: « Répondre », `Reply | Report`.
    Tail,
    /// What stands beside an author: « Abonné », `Staff member`.
    Badge,
    /// Numbers and signs only: votes, lone bullets.
    Sign,
}

impl<'a> Sheet<'a> {
    pub fn read(text: &'a str) -> Sheet<'a> {
        let lines = line::read(text);
        let notices: Vec<Option<Notice>> = lines.iter().map(area::notice).collect();
        let heads = lines
            .iter()
            .map(|line| line.is_short().then(|| head::read(line.text)).flatten().map(Box::new))
            .collect();
        let voices: Vec<Voice> = lines.iter().map(voice).collect();
        let vouchers = lines
            .iter()
            .zip(&voices)
            .map(|(line, voice)| *voice == Voice::Tail && is_voucher(line))
            .collect();
        let mut ends: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            if matches!(notices[at], Some(Notice::End | Notice::Form)) {
                ends.entry(line.text).or_default().push(at);
            }
        }
        Sheet { lines, notices, heads, voices, vouchers, ends }
    }

    pub fn shape(&self, at: usize) -> Option<Shape> {
        self.heads[at].as_ref().map(|head| head.shape)
    }

    /// The line holds a date and nothing else.
    pub fn is_date(&self, at: usize) -> bool {
        self.shape(at) == Some(Shape::Dated) || date::is_bare(self.lines[at].text)
    }

    pub fn is_text(&self, at: usize) -> bool {
        self.voices[at] == Voice::Text
    }

    /// How often the words of this end stand in `range`.
    pub fn ends_between(&self, at: usize, range: Range<usize>) -> usize {
        let Some(places) = self.ends.get(self.lines[at].text) else { return 0 };
        let before = |end: usize| places.partition_point(|&place| place < end);
        before(range.end) - before(range.start)
    }

    /// The lines that stand at least `least` times in `range`, word for word: furniture of the page.
    pub fn recurring(&self, range: Range<usize>, least: usize) -> HashMap<&'a str, usize> {
        let mut counts = HashMap::new();
        for line in self.lines[range].iter().filter(|line| line.is_short() && !line.text.is_empty())
        {
            *counts.entry(line.text).or_insert(0) += 1;
        }
        counts.retain(|_, count| *count >= least);
        counts
    }
}

fn voice(line: &Line) -> Voice {
    if !line.is_short() {
        return Voice::Text;
    }
    if !line.text.chars().any(char::is_alphabetic) {
        // A reader may answer with an emoji or « !!! ».
        let spoken = line
            .text
            .chars()
            .any(|character| matches!(character, '!' | '?') || character > '\u{2bff}');
        return if spoken { Voice::Text } else { Voice::Sign };
    }
    let words = phrase::words(line.text);
    if MARKERS.tails.cover(&words) {
        Voice::Tail
    } else if MARKERS.chrome.cover(&words) {
        Voice::Badge
    } else {
        Voice::Text
    }
}

fn is_voucher(line: &Line) -> bool {
    let words = phrase::words(line.text);
    (0..words.len()).any(|from| MARKERS.vouchers.at_head(&words[from..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_told_apart() {
        let sheet = Sheet::read(
            "Commentaires (2)\n• Ada\nAbonné\nLe 3 mai 2012\nBonjour à vous\n12\nRépondre Signaler\n😀",
        );
        let voices = [
            Voice::Text,
            Voice::Text,
            Voice::Badge,
            Voice::Text,
            Voice::Text,
            Voice::Sign,
            Voice::Tail,
            Voice::Text,
        ];
        assert_eq!(sheet.voices, voices);
        assert_eq!(sheet.notices[0], Some(Notice::Opening(Some(2))));
        assert!(sheet.is_date(3));
    }

    #[test]
    fn furniture_recurs() {
        let sheet = Sheet::read("a\nOups\nb\nOups\nc\nOups");
        assert_eq!(sheet.recurring(0..6, 3).into_keys().collect::<Vec<_>>(), ["Oups"]);
    }
}
