//! Reads item heads: the line that names a comment's author, its date, or whom it answers, in its many shapes.

use std::sync::LazyLock;

use regex::Regex;

use super::date;
use super::markers::{MARKERS, any_of};
use super::name;
use super::phrase;

/// What a line says about the comment that it introduces (or closes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// Its shape.
    pub shape: Shape,
    pub author: Option<String>,
    pub date: Option<String>,
    /// The author answered, in « X en réponse à Y ».
    pub answers: Option<String>,
    /// The comment's own number, in `#12` and `#1.1`.
    pub number: Option<String>,
}

/// What kind of head a line is: heads of one list have one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// Author and date: `Par Ada, le 3 mai`, `Ada • 2 hours ago`.
    Signed,
    /// A date and nothing else of note.
    Dated,
    /// `Ada dit :`.
    Said,
    /// `Ada en réponse à Bob`.
    Answered,
    /// `Posté par Ada`.
    By,
    /// `#12`.
    Numbered,
}

static ANSWER: LazyLock<Regex> = LazyLock::new(|| {
    let answers = any_of(&MARKERS.answers);
    Regex::new(&format!(
        r"(?i)^(?P<author>.{{0,60}}?)[\s,|·•(↳→>-]*(?:{answers})\s*:?\s*(?P<whom>.{{1,80}})$"
    ))
    .expect("the pattern is built from tested lists")
});

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s|(])#\s?(\d{1,6}(?:\.\d{1,6})*)\b").expect("a constant pattern")
});

/// The head that this line is, if it is one.
pub(super) fn read(line: &str) -> Option<Head> {
    let line = bare(line);
    if line.is_empty() || line.len() > 200 {
        return None;
    }
    let number = NUMBER.captures(line).map(|found| found[1].to_owned());
    let date = date::find(line);
    if let Some(date) = date {
        return dated(line, date, number);
    }
    if let Some(found) = ANSWER.captures(line) {
        let author = name::author(&found["author"]);
        let whom = whom(&found["whom"])?;
        // « Réponse à Ada » names no author: the line belongs to a head, it is none.
        let author = Some(author?);
        return Some(Head {
            shape: Shape::Answered,
            author,
            date: None,
            answers: Some(whom),
            number,
        });
    }
    if let Some(number) = number {
        let rest = NUMBER.replace(line, "");
        if phrase::words(&rest).is_empty() {
            return Some(Head {
                shape: Shape::Numbered,
                author: None,
                date: None,
                answers: None,
                number: Some(number),
            });
        }
    }
    said(line).or_else(|| by(line))
}

/// The author answered, where the whole line says nothing else: « En réponse à Ada », `In reply to … by Ada`.
pub(super) fn answers(line: &str) -> Option<String> {
    let found = ANSWER.captures(bare(line))?;
    if !phrase::words(&found["author"]).is_empty() {
        return None;
    }
    let target = &found["whom"];
    let target = ["by ", "par ", "von ", "de "]
        .iter()
        .find_map(|by| target.rfind(&format!(" {by}")).map(|at| &target[at + by.len() + 1..]))
        .unwrap_or(target);
    // Answers to a guest are answers too, though nobody can tell to which.
    whom(target).or_else(|| Some(target.trim().to_owned()))
}

/// Without the marks that dumps set around heads: emphasis, `[–]`, buttons at the end.
fn bare(line: &str) -> &str {
    let line = line.trim_start_matches("[–]").trim_start_matches("[-]").trim_start_matches("[+]");
    let line =
        line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '`' | '↳' | '»' | '>'));
    // `_Ada_` is emphasis, `_ada` a name.
    let line = line.strip_prefix('_').and_then(|rest| rest.strip_suffix('_')).unwrap_or(line);
    name::without_buttons(line)
}

/// The author in what stands behind « en réponse à », without date and buttons.
fn whom(text: &str) -> Option<String> {
    let text = match date::find(text) {
        Some(date) => &text[..date.start],
        None => text,
    };
    // « (Afficher le commentaireCacher le commentaire) » is glued to the name.
    let text = match text.find('(') {
        Some(0) | None => text,
        Some(at) => &text[..at],
    };
    name::author(name::without_buttons(text))
}

fn dated(line: &str, date: std::ops::Range<usize>, number: Option<String>) -> Option<Head> {
    let shown = line[date.clone()].to_owned();
    // « Mis à jour le 3 mai » dates an article, `Joined: 3 May` a profile.
    if MARKERS.stamps.has(&phrase::words(&line[..date.start])) {
        return None;
    }
    let before = name::without_buttons(&line[..date.start]);
    let behind = name::without_buttons(&line[date.end..]);
    let before = name::without_links(&NUMBER.replace(before, " "));
    let behind = name::without_links(&NUMBER.replace(behind, " "));
    if let Some(found) = ANSWER.captures(&before) {
        let author = name::author(&found["author"]);
        let answers = whom(&found["whom"]);
        let shape = if author.is_some() { Shape::Signed } else { Shape::Dated };
        return Some(Head { shape, author, date: Some(shown), answers, number });
    }
    let words_behind = phrase::words(&behind);
    let (author, rest) = match name::author(&before) {
        Some(author) => (Some(author), words_behind.len()),
        // Words that are no name stand before the date: prose.
        None if !phrase::words(&before).is_empty() && !name::is_lead(&before) => return None,
        None => match name::author(&behind) {
            Some(author) => (Some(author), 0),
            None => (None, words_behind.len()),
        },
    };
    // A few words may follow (`edited`, `a répondu`); a sentence may not.
    if rest > 3 {
        return None;
    }
    let shape = if author.is_some() { Shape::Signed } else { Shape::Dated };
    Some(Head { shape, author, date: Some(shown), answers: None, number })
}

fn said(line: &str) -> Option<Head> {
    let open = line.trim_end();
    let announced = open.ends_with([':', '…']) || open.ends_with("...");
    let words = phrase::words(open);
    let verb = MARKERS.says.at_foot(&words)?;
    if words.len() == verb || !(announced || verb == 1 && open.ends_with("says")) {
        return None;
    }
    let author = name::author(open)?;
    Some(Head { shape: Shape::Said, author: Some(author), date: None, answers: None, number: None })
}

fn by(line: &str) -> Option<Head> {
    let words = phrase::words(line);
    let lead = MARKERS.by.at_head(&words)?;
    if words.len() == lead || words.len() > lead + 5 {
        return None;
    }
    let author = name::author(line)?;
    Some(Head { shape: Shape::By, author: Some(author), date: None, answers: None, number: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(line: &str) -> (Shape, String, String) {
        let head = read(line).unwrap_or_else(|| panic!("no head: {line}"));
        (head.shape, head.author.unwrap_or_default(), head.date.unwrap_or_default())
    }

    #[test]
    fn author_and_date_are_told_apart_in_every_shape() {
        for (line, author, date) in [
            ("par Zoé le 7 mai 2020 - 12:38.", "Zoé", "7 mai 2020 - 12:38"),
            (
                "Soumis par Zoé Ada , le lundi 29 octobre 2012 à 15h46",
                "Zoé Ada",
                "lundi 29 octobre 2012 à 15h46",
            ),
            (
                "Zoé a répondu le mardi 30 octobre 2012 à 11h45",
                "Zoé",
                "mardi 30 octobre 2012 à 11h45",
            ),
            ("Zoé 02-11-2023 • 16h43", "Zoé", "02-11-2023 • 16h43"),
            ("Zoé • on Mar 12, 2017 3:24 am", "Zoé", "Mar 12, 2017 3:24 am"),
            ("zoe38 1 day ago | root | parent | next [–]", "zoe38", "1 day ago"),
            (
                "[–]zoe_x 18 points 19 points 20 points 13 hours ago* (1 child)",
                "zoe_x",
                "13 hours ago",
            ),
            ("Le 17 juillet à 22:09, par Zoé", "Zoé", "17 juillet à 22:09"),
            ("Zoé on September 12, 2018 at 4:47 pm said:", "Zoé", "September 12, 2018 at 4:47 pm"),
            ("Posted by: Zoe, CPA, 27 Sep 2011 | 15:22", "Zoe, CPA", "27 Sep 2011 | 15:22"),
            (
                "geschrieben von zoe12 am 21. Jan. 2015, 19:04 [ antworten ]",
                "zoe12",
                "21. Jan. 2015, 19:04",
            ),
            ("Zoe | Di, 21. April 2020 - 16:40", "Zoe", "Di, 21. April 2020 - 16:40"),
            ("zoe commented Dec 18, 2025", "zoe", "Dec 18, 2025"),
        ] {
            assert_eq!(head(line), (Shape::Signed, author.into(), date.into()), "{line}");
        }
    }

    #[test]
    fn a_date_alone_a_verb_a_number_are_heads() {
        assert_eq!(head("(22 juin 2018 @11h13)").0, Shape::Dated);
        assert_eq!(head("Zoé dit :"), (Shape::Said, "Zoé".into(), String::new()));
        assert_eq!(head("Zoe B. says:"), (Shape::Said, "Zoe B.".into(), String::new()));
        assert_eq!(head("#12").0, Shape::Numbered);
        assert_eq!(
            read("#1.1 — vor 8 Stunden").and_then(|head| head.number).as_deref(),
            Some("1.1")
        );
    }

    #[test]
    fn glued_answers_are_parted() {
        let head = read("zoe38en réponse àSans peur(Afficher le commentaireCacher le commentaire)")
            .unwrap();
        assert_eq!(head.author.as_deref(), Some("zoe38"));
        assert_eq!(head.answers.as_deref(), Some("Sans peur"));
        assert_eq!(answers("Reply to Sara").as_deref(), Some("Sara"));
        assert_eq!(answers("In reply to A title by Ada B").as_deref(), Some("Ada B"));
    }

    #[test]
    fn prose_is_no_head() {
        for line in [
            "Depuis le 24 novembre 2015 la situation a bien changé dans tout le pays, je trouve",
            "Je vous le dis : non",
            "On en parle encore aujourd'hui alors que tout le monde s'en moque depuis longtemps",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
