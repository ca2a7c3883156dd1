//! Insults in disguise are still seen, and innocent words in disguise are not taken for insults.

use std::ops::Range;
use std::path::{Path, PathBuf};

use vigie::feature::Context;
use vigie::model::{Model, Scratch};
use vigie::scorer::Scorer;
use vigie::text::{Folded, Folder, OffsetMap, TokenKind};

/// Ways of slipping a word past a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Disguise {
    Leet,
    Dotted,
    Spaced,
    Starred,
    Stretched,
    Lookalike,
    Invisible,
    Emoji,
}

impl Disguise {
    const ALL: [Disguise; 8] = [
        Disguise::Leet,
        Disguise::Dotted,
        Disguise::Spaced,
        Disguise::Starred,
        Disguise::Stretched,
        Disguise::Lookalike,
        Disguise::Invisible,
        Disguise::Emoji,
    ];

    fn of(self, word: &str) -> String {
        let letters: Vec<char> = word.chars().collect();
        let inner = |at: usize| at > 0 && at + 1 < letters.len();
        let vowel =
            (0..letters.len()).find(|&at| inner(at) && "aeiouyéèêàôûï".contains(letters[at]));
        let joined =
            |between: &str| letters.iter().map(char::to_string).collect::<Vec<_>>().join(between);
        let each = |change: &dyn Fn(usize, char) -> String| -> String {
            letters.iter().enumerate().map(|(at, &c)| change(at, c)).collect()
        };
        match self {
            Disguise::Leet => each(&|at, c| {
                let digit = match c {
                    'o' => '0',
                    'i' => '1',
                    'e' | 'é' | 'è' => '3',
                    'a' => '4',
                    _ => c,
                };
                if inner(at) && Some(at) == vowel { digit } else { c }.to_string()
            }),
            Disguise::Dotted => joined("."),
            Disguise::Spaced => joined(" "),
            Disguise::Starred => {
                each(&|at, c| if Some(at) == vowel { "*".into() } else { c.to_string() })
            }
            Disguise::Stretched => each(&|at, c| {
                let times = if Some(at) == vowel { 5 } else { 1 };
                c.to_string().repeat(times)
            }),
            Disguise::Lookalike => each(&|_, c| {
                let twin = match c {
                    'a' => 'а',
                    'c' => 'с',
                    'e' => 'е',
                    'o' => 'о',
                    'p' => 'р',
                    _ => c,
                };
                twin.to_string()
            }),
            Disguise::Invisible => joined("\u{200B}"),
            Disguise::Emoji => joined("🤬"),
        }
    }
}

/// Texts of the labelled samples that we wrote, with what they are.
fn samples() -> Vec<(String, bool)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("training/samples");
    let mut files: Vec<PathBuf> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "csv"));
    files.sort();
    let mut samples = Vec::new();
    for file in files {
        let mut table = csv::Reader::from_path(file).unwrap();
        let header = table.headers().unwrap().clone();
        let at = |name: &str| header.iter().position(|column| column == name).unwrap();
        let (text, insult) = (at("text"), at("insult"));
        for record in table.records() {
            let record = record.unwrap();
            samples.push((record[text].to_string(), &record[insult] == "1"));
        }
    }
    samples
}

struct Judge {
    scorer: Scorer,
    scratch: Scratch,
    insult: usize,
}

impl Judge {
    fn new() -> Judge {
        let scorer = Scorer::new(Model::shipped().unwrap());
        let insult = scorer.model().labels().position(|label| label == "insult").unwrap();
        Judge { scorer, scratch: Scratch::default(), insult }
    }

    fn flags(&mut self, text: &str) -> bool {
        let scores = self.scorer.scores(text, Context::default(), &mut self.scratch);
        scores.probabilities[self.insult] >= self.scorer.model().heads[self.insult].review()
    }

    /// Byte ranges of the words of `text`: those in entries that attack somebody, or else all.
    fn words(&mut self, text: &str, attacks_only: bool) -> Vec<Range<usize>> {
        self.scorer.scores(text, Context::default(), &mut self.scratch);
        let mut mapped = Folded::<OffsetMap>::default();
        Folder::default().fold(text, &mut mapped);
        let reading = &self.scratch.reading;
        let lexicon = &self.scorer.model().lexicon;
        let attack = |category: u16| {
            let name = lexicon.categories()[category as usize].as_str();
            ["insult_severe", "insult_mild", "slur", "ableist", "demeaning"].contains(&name)
        };
        let attacked = |index: usize| {
            reading.matches.iter().any(|found| {
                (found.start..found.end).contains(&index)
                    && lexicon.meanings(found).any(|meaning| attack(meaning.category))
            })
        };
        let words = reading.tokens.iter().enumerate().filter(|(index, token)| {
            token.kind == TokenKind::Word && (!attacks_only || attacked(*index))
        });
        let spans = words
            .map(|(_, token)| mapped.offsets.original(token.start as usize, token.end as usize));
        let mut spans: Vec<Range<usize>> =
            spans.filter(|span| is_plain(&text[span.clone()])).collect();
        // People hide a word or two; never neighbours letter by letter, which nobody could read.
        spans.dedup_by(|next, before| {
            let apart = text[before.end..next.start].chars().any(char::is_alphanumeric);
            if !apart && next.len() > before.len() {
                before.clone_from(next);
            }
            !apart
        });
        spans
    }
}

/// Four letters at least, because shorter words are grammar; and no disguise yet.
fn is_plain(word: &str) -> bool {
    word.chars().count() >= 4 && word.chars().all(char::is_alphabetic)
}

fn replaced(text: &str, spans: &[Range<usize>], disguise: Disguise) -> String {
    let mut out = text.to_string();
    for span in spans.iter().rev() {
        out.replace_range(span.clone(), &disguise.of(&text[span.clone()].to_lowercase()));
    }
    out
}

#[test]
fn insults_in_disguise_keep_their_flags() {
    let mut judge = Judge::new();
    let mut guilty = Vec::new();
    for (text, _) in samples().into_iter().filter(|(_, insult)| *insult) {
        let spans = judge.words(&text, true);
        if !spans.is_empty() && judge.flags(&text) {
            guilty.push((text, spans));
        }
    }
    assert!(guilty.len() >= 200, "too few to tell: {}", guilty.len());
    for disguise in Disguise::ALL {
        let kept = guilty
            .iter()
            .filter(|(text, spans)| judge.flags(&replaced(text, spans, disguise)))
            .count();
        let share = kept as f64 / guilty.len() as f64;
        eprintln!("{disguise:?}: {share:.3} of {} flags kept", guilty.len());
        if std::env::var_os("VIGIE_SHOW").is_some() {
            let lost = guilty.iter().map(|(text, spans)| replaced(text, spans, disguise));
            let lost: Vec<String> = lost.filter(|text| !judge.flags(text)).take(12).collect();
            lost.iter().for_each(|text| eprintln!("    {text}"));
        }
        assert!(share >= 0.90, "{disguise:?}: {share:.3} of the flags kept");
    }
}

#[test]
fn innocent_words_in_disguise_bring_no_flags() {
    let mut judge = Judge::new();
    let mut innocent = Vec::new();
    for (text, _) in samples().into_iter().filter(|(_, insult)| !*insult) {
        let mut spans = judge.words(&text, false);
        if spans.is_empty() || judge.flags(&text) {
            continue;
        }
        // The two longest words, in order of the text.
        spans.sort_by_key(|span| std::cmp::Reverse(span.len()));
        spans.truncate(2);
        spans.sort_by_key(|span| span.start);
        innocent.push((text, spans));
    }
    let mut flagged = 0;
    for disguise in Disguise::ALL {
        let new: Vec<String> = innocent
            .iter()
            .map(|(text, spans)| replaced(text, spans, disguise))
            .filter(|text| judge.flags(text))
            .collect();
        let share = new.len() as f64 / innocent.len() as f64;
        eprintln!("{disguise:?}: {share:.4} of {} newly flagged", innocent.len());
        if std::env::var_os("VIGIE_SHOW").is_some() {
            new.iter().take(8).for_each(|text| eprintln!("    {text}"));
        }
        flagged += new.len();
    }
    let share = flagged as f64 / (innocent.len() * Disguise::ALL.len()) as f64;
    assert!(share < 0.01, "{share:.4} of disguised innocent comments are newly flagged");
}
