//! Writes one entry of the page: what was said, in answer to what, and why vigie shows it.

use super::{Ranks, escape, mark, moment};
use crate::comment::{Comment, Place};
use crate::model::Probability;
use crate::report::words::{Words, fill};
use crate::report::{Locale, Sentence, excerpt, sentences};
use crate::scorer::Confidence;
use crate::triage::{Advice, Bands, Entry, Queue};

/// A quoted comment with more characters or lines than this is folded.
const FOLDED: usize = 280;
const FOLDED_LINES: usize = 5;
/// Characters shown of an address that has no title.
const ADDRESS: usize = 70;

/// What all entries share.
pub(super) struct Articles<'a> {
    pub queue: &'a Queue,
    pub locale: Locale,
    pub words: &'a Words,
    pub ranks: Ranks,
}

impl Articles<'_> {
    pub fn article(&self, entry: &Entry) -> String {
        let comment = self.queue.comment(entry);
        let labels = self.labels(entry);
        let mut told = sentences(self.locale, &comment.text, &entry.reasons);
        told.sort_by_key(|one| labels.iter().position(|&label| label == one.label));
        let advice = entry.advice;
        let rank = entry.rank;
        let mut page = format!(
            "<article id=\"n{rank}\" class=\"{}\" aria-labelledby=\"t{rank}\">\n<header>\n\
             <h2 id=\"t{rank}\"><a class=\"rank\" href=\"#n{rank}\">{}</a> <span class=\"chip\">{}</span> {}{}</h2>\n",
            advice.name(),
            self.words.number(rank),
            self.words.advice(advice),
            self.doubt(entry),
            self.author(comment),
        );
        page.push_str(&format!("{}</header>\n<div class=\"said\">\n", self.meta(entry, comment)));
        page.push_str(&self.answered(entry));
        page.push_str(&self.text(entry, comment, &told));
        page.push_str("</div>\n");
        page.push_str(&self.why(entry, &labels, &told));
        page.push_str("</article>\n");
        page
    }

    /// All labels, the leading one first.
    fn labels(&self, entry: &Entry) -> Vec<usize> {
        let mut labels: Vec<usize> = (0..self.queue.adviser.labels().len()).collect();
        labels.sort_by_key(|&label| label != entry.assessment.leading);
        labels
    }

    fn doubt(&self, entry: &Entry) -> String {
        match entry.scores.confidence {
            Confidence::Normal => String::new(),
            Confidence::Low => format!("<span class=\"low\">{}</span> ", self.words.phrases.low),
        }
    }

    fn author(&self, comment: &Comment) -> String {
        match comment.author.as_deref().map(str::trim).filter(|author| !author.is_empty()) {
            Some(author) => format!("<bdi class=\"author\">{}</bdi>", escape::text(author)),
            None => format!("<i class=\"author\">{}</i>", self.words.phrases.nameless),
        }
    }

    /// When, on which page, and where in the thread.
    fn meta(&self, entry: &Entry, comment: &Comment) -> String {
        let (phrases, node) = (&self.words.phrases, self.queue.node(entry));
        let mut items = Vec::new();
        items.extend(comment.date.as_deref().map(|date| moment::time(date, self.words)));
        items.extend(source(comment));
        if node.depth > 0 {
            items.push(fill(&phrases.depth, &[("n", &(node.depth + 1).to_string())]));
        }
        if !node.replies.is_empty() {
            items.push(fill(&phrases.replies, &[("n", &self.words.number(node.replies.len()))]));
        }
        let items: String = items.iter().map(|item| format!("<li>{item}</li>")).collect();
        if items.is_empty() { items } else { format!("<ul class=\"meta\">{items}</ul>\n") }
    }

    /// The comment answered, or what is known of it.
    fn answered(&self, entry: &Entry) -> String {
        let phrases = &self.words.phrases;
        let node = self.queue.node(entry);
        match (node.place, node.parent) {
            (Place::Orphan, _) => {
                let id = self.queue.comment(entry).parent.as_deref().unwrap_or_default();
                let id = format!("<bdi>{}</bdi>", escape::text(&excerpt::first(id, ADDRESS)));
                format!("<p class=\"adrift\">{}</p>\n", fill(&phrases.orphan, &[("id", &id)]))
            }
            (Place::Cycle, _) => format!("<p class=\"adrift\">{}</p>\n", phrases.cycle),
            (Place::Root | Place::Reply, None) => String::new(),
            (Place::Root | Place::Reply, Some(index)) => self.quoted(index),
        }
    }

    fn quoted(&self, index: usize) -> String {
        let phrases = &self.words.phrases;
        let parent = &self.queue.comments[index];
        let mut caption = fill(&phrases.reply, &[("author", &self.author(parent))]);
        if let Some(rank) = self.ranks.get(&index) {
            let words = fill(&phrases.ranked, &[("n", &self.words.number(*rank))]);
            caption.push_str(&format!(" · <a href=\"#n{rank}\">{words}</a>"));
        }
        let text = excerpt::first(parent.text.trim(), excerpt::QUOTED);
        let long = text.chars().count() > FOLDED || text.lines().count() > FOLDED_LINES;
        let quote = if text.is_empty() {
            phrases.empty.clone()
        } else if long {
            let lines: Vec<&str> = text.lines().take(FOLDED_LINES).collect();
            let start = excerpt::first(&lines.join(" "), FOLDED * 2 / 3);
            format!(
                "<details><summary><span class=\"start\">{}</span> <span class=\"whole\">{}</span>\
                 <span class=\"fold\">{}</span></summary>{}</details>",
                escape::text(&start),
                phrases.whole,
                phrases.fold,
                escape::text(&text),
            )
        } else {
            escape::text(&text)
        };
        format!(
            "<figure><figcaption>{caption}</figcaption>\
             <blockquote dir=\"auto\">{quote}</blockquote></figure>\n"
        )
    }

    fn text(&self, entry: &Entry, comment: &Comment, told: &[Sentence]) -> String {
        if comment.text.trim().is_empty() {
            return format!("<p class=\"text nothing\">{}</p>\n", self.words.phrases.empty);
        }
        let code = entry.scores.language.code();
        let marked = mark::marked(&comment.text, told);
        format!("<p class=\"text\" dir=\"auto\" lang=\"{code}\">{marked}</p>\n")
    }

    /// The score of each label with its reasons, numbered as the marks in the text are.
    fn why(&self, entry: &Entry, labels: &[usize], told: &[Sentence]) -> String {
        let (phrases, adviser) = (&self.words.phrases, &self.queue.adviser);
        let mut page = format!("<div class=\"why\">\n<h3>{}</h3>\n", phrases.reasons);
        for &label in labels {
            let name = escape::text(self.words.label(&adviser.labels()[label]));
            let probability = entry.scores.probabilities.get(label).copied().unwrap_or_default();
            let bands = adviser.bands(label);
            let flagged = adviser.flags(label, &entry.scores);
            // Never above the advice on the comment, which low confidence may hold back.
            let advice = bands.advice(probability).min(entry.advice);
            let class = if flagged { advice } else { Advice::Approve };
            page.push_str(&format!(
                "<p class=\"score {}\"><span class=\"label\">{name}</span> \
                 <span class=\"percent\">{}</span>{}</p>\n",
                class.name(),
                self.words.percent(probability),
                bar(probability, bands),
            ));
            let first = told.iter().position(|one| one.label == label);
            if let Some(first) = first {
                page.push_str(&format!("<ol start=\"{}\">\n", first + 1));
                for one in told.iter().filter(|one| one.label == label) {
                    page.push_str(&format!("<li>{}</li>\n", escape::text(&one.text)));
                }
                page.push_str("</ol>\n");
            } else if flagged {
                page.push_str(&format!("<p class=\"aside\">{}</p>\n", phrases.reasonless));
            }
        }
        let found = &self.queue.comment(entry).found;
        if !found.is_empty() {
            let place = format!("<bdi>{}</bdi>", escape::text(found));
            let place = fill(&phrases.found, &[("place", &place)]);
            page.push_str(&format!("<p class=\"aside\">{place}</p>\n"));
        }
        page.push_str("</div>\n");
        page
    }
}

/// The page commented on: a link where it is an address, by its title where it has one.
fn source(comment: &Comment) -> Option<String> {
    let title = comment.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let bare = |address: &str| {
        let bare = address.split_once("://").map_or(address, |(_, rest)| rest);
        excerpt::first(bare, ADDRESS)
    };
    match escape::address(&comment.page) {
        Some(address) => {
            let words = title.map_or_else(|| bare(address), str::to_string);
            let (address, words) = (escape::attribute(address), escape::text(&words));
            Some(format!(
                "<a href=\"{address}\" rel=\"noreferrer noopener\"><bdi>{words}</bdi></a>"
            ))
        }
        None => {
            let words = title.unwrap_or(&comment.page);
            (!words.is_empty()).then(|| format!("<bdi>{}</bdi>", escape::text(words)))
        }
    }
}

/// A probability as a bar, with a tick where review and where reject begin. It says nothing that the text does not.
fn bar(probability: Probability, bands: Bands) -> String {
    let at = |probability: Probability| format!("{:.1}", probability.value() * 100.0);
    let (width, review, reject) = (at(probability), at(bands.review), at(bands.reject));
    format!(
        "<svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"track\" y=\"2\" width=\"100\" height=\"4\"/>\
         <rect class=\"level\" y=\"2\" width=\"{width}\" height=\"4\"/>\
         <path d=\"M{review} 0V8M{reject} 0V8\"/></svg>"
    )
}
