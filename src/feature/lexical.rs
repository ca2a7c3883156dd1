//! Counts the lexicon's entries by category, and how they are used: aimed, quoted, denied.

use super::{Reading, log_count};
use crate::lexicon::Lexicon;
use crate::text::{Language, TokenKind};

/// Categories that attack somebody when they are aimed.
const ATTACKS: [&str; 8] = [
    "ableist",
    "ambiguous",
    "contempt",
    "demeaning",
    "insult_mild",
    "insult_severe",
    "name_deformation",
    "slur",
];

/// Categories that are no feature: grammar tells the language, and who is spoken of must never count against anyone.
const UNCOUNTED: [&str; 2] = ["function", "identity"];

/// Features about how entries are used, after one for each category.
pub(super) const USES: [&str; 7] = [
    "lexicon.attack",
    "lexicon.attack_aimed",
    "lexicon.attack_quoted",
    "lexicon.attack_denied",
    "lexicon.conspiracy",
    "lexicon.conspiracy_kinds",
    "lexicon.conspiracy_debunked",
];

/// Where the features about conspiracies begin in [`USES`].
const CONSPIRACY: usize = 4;

/// Tokens between an attack and the « tu » or « vous » that it is aimed at.
const AIM: usize = 5;
/// Tokens between a negation and the attack that it denies.
const DENIAL: usize = 3;

/// What the lexicon's categories are to the features; made once a model.
#[derive(Clone, Debug, Default)]
pub(super) struct Roles {
    /// By category: its feature, if it has one.
    features: Vec<Option<usize>>,
    /// How many categories have one.
    counted: usize,
    attack: Vec<bool>,
    conspiracy: Vec<bool>,
    second_person: Option<u16>,
    negation: Option<u16>,
    debunk: Option<u16>,
}

impl Roles {
    pub(super) fn of(lexicon: &Lexicon) -> Roles {
        let categories = lexicon.categories();
        let mut counted = 0;
        let own = categories.iter().map(|name| {
            let own = (!UNCOUNTED.contains(&name.as_str())).then_some(counted);
            counted += usize::from(own.is_some());
            own
        });
        let features = own.collect();
        Roles {
            features,
            counted,
            attack: categories.iter().map(|name| ATTACKS.contains(&name.as_str())).collect(),
            conspiracy: categories.iter().map(|name| name.starts_with("conspiracy_")).collect(),
            second_person: lexicon.category("second_person"),
            negation: lexicon.category("negation"),
            debunk: lexicon.category("debunk"),
        }
    }

    /// Names of the features, in order.
    pub(super) fn names(&self, lexicon: &Lexicon) -> Vec<String> {
        let counted = lexicon
            .categories()
            .iter()
            .zip(&self.features)
            .filter(|(_, feature)| feature.is_some());
        let own = counted.map(|(category, _)| format!("lexicon.{category}"));
        own.chain(USES.map(str::to_string)).collect()
    }

    /// Whether a category's entries count towards the lexicon's feature `own`.
    pub(super) fn counts(&self, own: usize, category: u16) -> bool {
        let category = category as usize;
        match own.checked_sub(self.counted) {
            None => self.features[category] == Some(own),
            Some(with) if with < CONSPIRACY => self.attack[category],
            Some(_) => self.conspiracy[category],
        }
    }
}

/// Whether an entry of `entry`'s language means something in a text of `text`'s language.
///
/// Where the language is not known, the entry counts: an insult alone has no function words. So do the words that a
/// site watches, whose language nobody said.
pub(crate) fn speaks(entry: Language, text: Language) -> bool {
    text == Language::Unknown || entry == Language::Unknown || entry == text
}

/// Counts into `values`: one a category, then [`USES`].
pub(super) fn measure<O>(
    lexicon: &Lexicon,
    roles: &Roles,
    reading: &Reading<O>,
    values: &mut [f64],
) {
    let (by_category, uses) = values.split_at_mut(values.len() - USES.len());
    by_category.fill(0.0);
    let (mut attacks, mut aimed, mut quoted, mut denied) = (0, 0, 0, 0);
    // Matches are in order of their first token: one pass with what came shortly before.
    let (mut marks, mut marked) = (0, 0);
    let (mut last_you, mut last_no, mut last_attack) = (None, None, None::<usize>);
    for found in &reading.matches {
        let mut attack = false;
        let (mut you, mut no) = (false, false);
        let mut seen = None;
        for meaning in
            lexicon.meanings(found).filter(|meaning| speaks(meaning.language, reading.language))
        {
            // Two languages may share an entry of one category: it is one entry.
            if seen == Some(meaning.category) {
                continue;
            }
            seen = Some(meaning.category);
            let Some(feature) = roles.features[meaning.category as usize] else { continue };
            by_category[feature] += 1.0;
            attack |= roles.attack[meaning.category as usize];
            you |= Some(meaning.category) == roles.second_person;
            no |= Some(meaning.category) == roles.negation;
        }
        if attack {
            attacks += 1;
            aimed += u32::from(near(last_you, found.start, AIM));
            denied += u32::from(near(last_no, found.start, DENIAL));
            marks += marks_in(reading, marked..found.start);
            marked = found.start;
            // Inside quotation marks: an odd number of them stands before.
            quoted += u32::from(marks % 2 == 1);
            last_attack = Some(found.end);
        }
        if you {
            aimed += u32::from(!attack && near(last_attack, found.start, AIM));
            last_you = Some(found.end);
        }
        if no {
            last_no = Some(found.end);
        }
    }
    let count =
        |category: usize| roles.features[category].map_or(0.0, |feature| by_category[feature]);
    let conspiracy: Vec<f64> = (0..roles.conspiracy.len())
        .filter(|&category| roles.conspiracy[category])
        .map(count)
        .collect();
    let conspiracies: f64 = conspiracy.iter().sum();
    let kinds = conspiracy.iter().filter(|&&count| count > 0.0).count();
    let debunked = roles.debunk.is_some_and(|debunk| count(debunk as usize) > 0.0);
    uses.copy_from_slice(&[
        log_count(attacks),
        log_count(aimed),
        log_count(quoted),
        log_count(denied),
        log_count(conspiracies as u32),
        kinds as f64,
        if debunked { log_count(conspiracies as u32) } else { 0.0 },
    ]);
    for count in by_category {
        *count = log_count(*count as u32);
    }
}

fn near(last: Option<usize>, start: usize, reach: usize) -> bool {
    last.is_some_and(|last| start.saturating_sub(last) <= reach)
}

/// How many quotation marks stand among these tokens.
pub(crate) fn marks_in<O>(reading: &Reading<O>, tokens: std::ops::Range<usize>) -> usize {
    let is_mark = |token: &&crate::text::Token| {
        token.kind == TokenKind::Sign
            && reading.folded.text.as_bytes()[token.start as usize] == b'"'
    };
    reading.tokens[tokens].iter().filter(is_mark).count()
}
