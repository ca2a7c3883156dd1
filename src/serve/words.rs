//! Reads the words of the desk: everything that its pages say themselves, in French and in English.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::report::Locale;
use crate::store::Reason;

/// Defines the parts of a language, each a table of `words.toml` with these keys and no others.
macro_rules! parts {
    ($($(#[$note:meta])* $part:ident: $name:ident { $($key:ident),+ $(,)? })+) => {
        /// What the desk says, in one language.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Words {
            /// What languages are called, by their codes.
            pub languages: BTreeMap<String, String>,
            $($(#[$note])* pub $part: $name,)+
        }
        $($(#[$note])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name { $(pub $key: String),+ })+
    };
}

parts! {
    /// What every page says.
    frame: Frame {
        title, skip, navigation, queue, label, dashboard, models, export, tongue, calm_on, calm_off,
        help, who, who_set, who_label, leave, motto,
    }
    /// What the door says.
    login: Login { title, told, token, enter, wrong }
    /// What the queue says.
    queue: Queue {
        title, one, many, more_than, rest, nothing, nothing_told, whole, next, first, bulk, audit, of_author, workbook,
    }
    /// What the filters say.
    filter: Filter {
        title, search, state, band, label, page, author, from, to, language, order, any, apply, clear,
        without, state_open, state_deferred, state_approved, state_rejected, state_all, band_flagged,
        band_reject, band_review, band_approve, band_all, order_harm, order_uncertain, order_random,
        order_newest, order_oldest, quotes,
    }
    /// What a card says.
    card: Card {
        nameless, reply, orphan, why, reasonless, low, twin, twins, open, history_one, history_many,
        history_first, history_rejected, history_rejected_many, empty, covered, uncover, whole, fold, looked_at, of_page,
    }
    /// What the form of a decision says.
    decide: Decide {
        approve, reject, defer, note, note_only, labels, reason, reason_any, done_approve, done_reject,
        done_defer, done_note, done_undo, undone_many, undo, told_advice, told_score, told_sample, told_many, decided,
        again,
    }
    /// What is said where another was faster.
    conflict: Conflict { title, told, kept, theirs, back, anew }
    /// What charts and tables of the dashboard say.
    dashboard: Dashboard {
        agreement, approved, audit, better, by_label, by_moderator, by_week, counts, decisions,
        deferred, flagged, how, how_agreement, how_draw, how_missed, how_overturned, how_parts,
        how_precision, how_recall, kappa, label_head, missed, moderator_head, open, overturned,
        precision, range, recall, rejected, reversed, table, title, total, unflagged, week, week_head,
    }
    /// What the dashboard found, in sentences.
    finding: Finding {
        agreement, bulk_many, bulk_one, flags_many, flags_none, flags_one, flags_wait_many,
        flags_wait_one, kappa, missed, missed_none, missed_unknown, missed_zero, need_draw_many,
        need_draw_one, need_flags_many, need_flags_one, need_four, need_more, need_nothing, overturned,
        recall, recall_wait, recall_zero, reversed_many, reversed_none, reversed_one,
    }
    /// What the page of one item says.
    item: Item {
        title, back, above, beside, below, members, log, no_log, model, removed, more, look, alone,
    }
    /// What the page that asks about one comment after the other says.
    label: Label {
        answered_many, answered_none, answered_one, ask, ask_conspiracy, ask_insult, capped, change, found_many, found_none,
        found_one, key_no, key_skip, key_yes, last_just, last_many, last_one, learned, meaning, nothing,
        nothing_told, order_mix, order_random, order_risk, order_uncertain, other, settings, skip, skipped, title,
        unlearned, yes, no,
    }
    /// What deciding on many says.
    bulk: Bulk {
        title, told_one, told_many, sample, of_view, warning, verdict, confirm, cancel, none, labels_told,
    }
    /// What the script says, and the keys.
    live: Live {
        title, close, next, approve, reject, defer, label, undo, open, note, search, reason, calm, help, escape,
        saving, lost, taken, end, nothing_to_undo, more, thread_lost, keys_told, covered, uncovered,
    }
    /// What the page of files says.
    export: Export {
        broken, chain, counts, counts_told, decisions, decisions_told, labels, labels_told, queue, queue_told, title, told, whole,
    }
    /// What the page of models says.
    models: Models {
        active, after, auc, base, before, compared, comparing, confirm, difference, examples, failed, fitting, interval, lessons, measure, precision, reading, recall, retrain, rows, see, sides, since, switch, switch_told, title, to_right, to_wrong, told, unsure,
    }
    /// What is said of what goes wrong.
    wrong: Wrong { title, missing, missing_told, failed, bad, back }
    /// What became of a comment.
    state: State { open, deferred, approved, rejected, out }
    /// What was advised.
    advice: Advice { approve, review, reject }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tongues {
    fr: Words,
    en: Words,
}

/// The words of a language.
pub(super) fn of(locale: Locale) -> &'static Words {
    static WORDS: LazyLock<Tongues> = LazyLock::new(|| {
        toml::from_str(include_str!("words.toml"))
            .expect("words.toml is in the binary and a test reads it")
    });
    match locale {
        Locale::Fr => &WORDS.fr,
        Locale::En => &WORDS.en,
    }
}

/// What a reason to reject is called: its own name when it is none of ours.
pub(super) fn reason(locale: Locale, name: &str) -> &str {
    Reason::named(name).map_or(name, |reason| called(locale, reason))
}

/// What one of our reasons is called.
pub(super) fn called(locale: Locale, reason: &'static Reason) -> &'static str {
    match locale {
        Locale::Fr => &reason.fr,
        Locale::En => &reason.en,
    }
}

impl Words {
    /// What a language is called: its code when it is none that we name.
    pub fn language<'a>(&'a self, code: &'a str) -> &'a str {
        self.languages.get(code).map_or(code, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things_in_order() {
        let text = include_str!("words.toml");
        let both: toml::Table = text.parse().unwrap();
        let parts = |code: &str| both[code].as_table().unwrap().clone();
        let (fr, en) = (parts("fr"), parts("en"));
        assert!(fr.keys().eq(en.keys()));
        for (part, words) in &fr {
            let (words, others) = (words.as_table().unwrap(), en[part].as_table().unwrap());
            assert!(words.keys().eq(others.keys()), "{part}");
            for (key, phrase) in words {
                let blanks = |phrase: &toml::Value| phrase.to_string().matches('{').count();
                assert_eq!(blanks(phrase), blanks(&others[key]), "{part}.{key}");
            }
        }
        let mut last = ("", "");
        for line in text.lines() {
            if let Some(part) = line.strip_prefix('[') {
                last = (part, "");
            } else if let Some((key, _)) = line.split_once(" = ") {
                assert!(last.1 < key, "[{} {key} stands after {}", last.0, last.1);
                last.1 = key;
            }
        }
        assert_eq!(reason(Locale::Fr, "insult"), "Insulte ou attaque personnelle");
        assert_eq!(reason(Locale::En, "of our own"), "of our own");
    }
}
