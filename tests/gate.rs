//! The gate: how well the shipped model must do, set by set. A floor is not lowered silently.
//!
//! `cargo test --test vigie gate -- --nocapture` prints what was measured, for the model card.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use vigie::model::Model;

use crate::workdir::Workdir;

/// `training/gate.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gate {
    set: Vec<Set>,
}

/// What must be reached on one set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    /// From the corpora's folder, from the project's where it is ours; as the recipe names it, or files that it measures
    /// together, where it is in folds.
    path: PathBuf,
    on: On,
    /// SHA-256 of the file; the model card holds that of sets in folds.
    sha256: Option<String>,
    label: String,
    /// The area under the ROC curve that must be reached.
    floor: f64,
    /// Why the floor is lower than it once was.
    lowered: Option<Lowered>,
}

/// Who measures a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum On {
    /// `vigie evaluate`, on a file of the corpora, which may be absent.
    Corpora,
    /// `vigie evaluate`, on a file of ours.
    Ours,
    /// The training, on folds; kept in the model card.
    Folds,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lowered {
    from: f64,
    why: String,
}

/// The highest floor that was ever pinned, by set.
type Lock = BTreeMap<String, f64>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn gate() -> Gate {
    toml::from_str(&fs::read_to_string(root().join("training/gate.toml")).unwrap()).unwrap()
}

impl Set {
    fn name(&self) -> String {
        let folds = if self.on == On::Folds { " in folds" } else { "" };
        format!("{} {}{folds}", self.path.display(), self.label)
    }

    /// (AUC, rows, positives); none where the set is not there.
    fn measure(&self, shipped: &Model) -> Option<(f64, u64, u64)> {
        let path = match self.on {
            On::Folds => {
                let name = self.path.to_str().unwrap();
                let corpora = shipped.card.corpora.iter().filter(|corpus| corpus.name == name);
                let together = shipped.card.together.get(name).into_iter().flatten();
                let mut measures = corpora.flat_map(|corpus| &corpus.in_folds).chain(together);
                let found = measures.find(|measure| measure.label == self.label);
                let found = found.unwrap_or_else(|| panic!("the card has no {}", self.name()));
                return Some((found.auc, found.rows as u64, found.positives as u64));
            }
            On::Ours => root().join(&self.path),
            On::Corpora => root().join("../shared/corpora").join(&self.path),
        };
        let Ok(bytes) = fs::read(&path) else {
            assert!(self.on == On::Corpora, "{} is ours and is not there", path.display());
            eprintln!("skipped: {} is not there", path.display());
            return None;
        };
        let digest: String =
            Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(Some(&digest), self.sha256.as_ref(), "{} is another file", path.display());
        let arguments = ["evaluate", path.to_str().unwrap(), "--label", &self.label];
        let told = Workdir::new().vigie(&[&arguments[..], &["--format", "json"]].concat()).done();
        let report: Value = serde_json::from_str(told.text()).unwrap();
        let label = &report["labels"][0];
        let count = |key: &str| label[key].as_u64().unwrap();
        Some((label["auc"].as_f64().unwrap(), count("rows"), count("positives")))
    }
}

/// What is wrong with the floors, given the highest that were ever pinned.
fn complaints(sets: &[Set], lock: &Lock) -> Vec<String> {
    let mut wrong = Vec::new();
    for set in sets {
        let (name, floor) = (set.name(), set.floor);
        match (lock.get(&name), &set.lowered) {
            (None, _) => wrong.push(format!("{name}: is not in gate.lock")),
            (Some(&highest), _) if floor > highest => {
                wrong.push(format!("{name}: {floor} was raised from {highest}, gate.lock was not"));
            }
            (Some(&highest), None) if floor < highest => {
                wrong.push(format!(
                    "{name}: {floor} was {highest}; say so: lowered = {{ from = {highest}, why = \"…\" }}"
                ));
            }
            (Some(&highest), Some(Lowered { from, why }))
                if *from != highest || floor >= highest || why.trim().len() < 10 =>
            {
                wrong.push(format!(
                    "{name}: lowered from {from} to {floor}: \"{why}\"; gate.lock says {highest}"
                ));
            }
            _ => {}
        }
    }
    let gone = lock.keys().filter(|name| sets.iter().all(|set| set.name() != **name));
    wrong.extend(gone.map(|name| format!("{name}: is in gate.lock, and no longer in gate.toml")));
    wrong
}

#[test]
fn floors_are_not_lowered_silently() {
    let path = root().join("training/gate.lock");
    let mut lock: Lock =
        fs::read_to_string(&path).map(|text| toml::from_str(&text).unwrap()).unwrap_or_default();
    let sets = gate().set;
    if env::var_os("UPDATE_PINS").is_some() {
        // Only ever up.
        for set in &sets {
            let highest = lock.entry(set.name()).or_insert(set.floor);
            *highest = highest.max(set.floor);
        }
        let header = "# The highest floor that gate.toml ever had, by set. Written by\n\
                      #   UPDATE_PINS=1 cargo test --test vigie gate\n";
        fs::write(&path, format!("{header}{}", toml::to_string(&lock).unwrap())).unwrap();
    }
    let wrong = complaints(&sets, &lock);
    assert!(
        wrong.is_empty(),
        "{}\nRaised floors and new sets are pinned by\n  UPDATE_PINS=1 cargo test --test vigie gate",
        wrong.join("\n")
    );
}

#[test]
fn the_shipped_model_reaches_its_floors() {
    let shipped = Model::shipped().unwrap();
    let mut below = Vec::new();
    println!("{:>6} {:>9}    AUC  floor  set", "rows", "positive");
    for set in gate().set {
        let Some((auc, rows, positives)) = set.measure(&shipped) else { continue };
        println!("{rows:>6} {positives:>9}  {auc:.4}  {:.3}  {}", set.floor, set.name());
        if auc < set.floor {
            below.push(format!("{}: {auc:.4} is below {}", set.name(), set.floor));
        }
    }
    assert!(below.is_empty(), "{}", below.join("\n"));
}

#[test]
fn a_lowered_floor_needs_its_reason() {
    let set = |floor: f64, lowered: Option<(f64, &str)>| Set {
        path: "a.csv".into(),
        on: On::Ours,
        sha256: None,
        label: "insult".into(),
        floor,
        lowered: lowered.map(|(from, why)| Lowered { from, why: why.into() }),
    };
    let lock = Lock::from([("a.csv insult".to_string(), 0.9)]);
    let complains = |set: Set| complaints(&[set], &lock).len();
    assert_eq!(complains(set(0.9, None)), 0);
    assert_eq!(complains(set(0.8, None)), 1, "silently");
    assert_eq!(complains(set(0.8, Some((0.9, "the set was cleaned, see issue 3")))), 0);
    assert_eq!(complains(set(0.8, Some((0.9, "")))), 1, "no reason");
    assert_eq!(
        complains(set(0.8, Some((0.85, "the set was cleaned, see issue 3")))),
        1,
        "no such floor"
    );
    assert_eq!(complains(set(0.95, None)), 1, "the lock must follow");
    assert_eq!(complaints(&[], &lock).len(), 1, "a set that is gone");
    assert_eq!(complaints(&[set(0.9, None)], &Lock::new()).len(), 1, "a set that is new");
}
