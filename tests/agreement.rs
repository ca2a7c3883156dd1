//! How far readers agree who labelled the same comments apart from each other: Cohen's kappa.
//!
//! `cargo test --test vigie agreement -- --nocapture` prints it, for the model card.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Labels by comment: insult, conspiracy.
type Labels = BTreeMap<String, [bool; 2]>;

fn labels(path: &Path) -> Labels {
    let mut table = csv::Reader::from_path(path).unwrap();
    let header = table.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (id, insult, conspiracy) = (at("id"), at("insult"), at("conspiracy"));
    let records = table.records().map(Result::unwrap);
    records
        .map(|row| (row[id].to_string(), [&row[insult] == "1", &row[conspiracy] == "1"]))
        .collect()
}

/// Agreement beyond chance: (observed − expected) / (1 − expected) (Cohen, 1960).
pub fn kappa(pairs: &[(bool, bool)]) -> f64 {
    let share = |is: &dyn Fn(&(bool, bool)) -> bool| {
        pairs.iter().filter(|pair| is(pair)).count() as f64 / pairs.len() as f64
    };
    let (one, other) = (share(&|pair| pair.0), share(&|pair| pair.1));
    let expected = one * other + (1.0 - one) * (1.0 - other);
    (share(&|pair| pair.0 == pair.1) - expected) / (1.0 - expected)
}

/// Both labels' kappa over the comments that both read.
fn agreement(name: &str, one: &Labels, other: &Labels) -> [f64; 2] {
    let common: Vec<([bool; 2], [bool; 2])> =
        one.iter().filter_map(|(id, labels)| Some((*labels, *other.get(id)?))).collect();
    let of = |label: usize| {
        kappa(&common.iter().map(|pair| (pair.0[label], pair.1[label])).collect::<Vec<_>>())
    };
    let kappas = [of(0), of(1)];
    println!(
        "{name}: {} comments, kappa insult {:.3}, conspiracy {:.3}",
        common.len(),
        kappas[0],
        kappas[1]
    );
    kappas
}

fn annotations(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("training/annotations").join(name)
}

#[test]
fn kappa_is_that_of_the_textbook() {
    // 20 yes and yes, 5 yes and no, 10 no and yes, 15 no and no: observed .7, expected .5, so .4.
    let cells = [((true, true), 20), ((true, false), 5), ((false, true), 10), ((false, false), 15)];
    let pairs: Vec<(bool, bool)> =
        cells.into_iter().flat_map(|(pair, count)| std::iter::repeat_n(pair, count)).collect();
    assert!((kappa(&pairs) - 0.4).abs() < 1e-12);
}

#[test]
fn two_readings_of_the_same_comments_agree() {
    let first = labels(&annotations("fr_comments.csv"));
    let second = labels(&annotations("fr_comments_second_reading.csv"));
    let kappas = agreement("two readings", &first, &second);
    assert!(kappas.iter().all(|&kappa| kappa >= 0.8), "{kappas:?}");
}

#[test]
fn unmarked_controls_agree_with_their_labels() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let gold = corpora.join("annotated/fr_annotated_real.csv");
    if !gold.exists() {
        eprintln!("skipped: {} is not there", gold.display());
        return;
    }
    let kappas = agreement("controls", &labels(&annotations("fr_control.csv")), &labels(&gold));
    assert!(kappas.iter().all(|&kappa| kappa >= 0.9), "{kappas:?}");
}
