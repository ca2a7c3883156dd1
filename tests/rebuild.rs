//! Making the model again gives the same bytes: the part that is ours everywhere, all of it where the corpora are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::workdir::Workdir;

fn training(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("training").join(name)
}

/// The model of the recipe, made with these further arguments.
fn made(arguments: &[&str]) -> Vec<u8> {
    let workdir = Workdir::new();
    let recipe = training("recipe.toml");
    let always = ["train", "--recipe", recipe.to_str().unwrap(), "-o", "made.vigie"];
    workdir.vigie(&[&always, arguments].concat()).done();
    fs::read(workdir.path("made.vigie")).unwrap()
}

#[test]
fn the_part_that_is_ours_is_made_again_bit_for_bit() {
    let digest: String =
        Sha256::digest(made(&["--only-ours"])).iter().map(|byte| format!("{byte:02x}")).collect();
    let path = training("ours.sha256");
    if env::var_os("UPDATE_PINS").is_some() {
        fs::write(&path, format!("{digest}\n")).unwrap();
    }
    let pinned = fs::read_to_string(&path).unwrap();
    assert_eq!(
        digest,
        pinned.trim(),
        "the model of our own files is another than {} says. If features, lists, samples or the fit were meant to \
         change, pin it anew:\n  UPDATE_PINS=1 cargo test --test vigie rebuild",
        path.display()
    );
}

#[test]
fn the_shipped_model_is_made_again_bit_for_bit() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    if env::var_os("VIGIE_REBUILD").is_none() || !corpora.is_dir() {
        eprintln!("skipped: needs VIGIE_REBUILD=1 and {}", corpora.display());
        return;
    }
    let again = made(&["--corpora", corpora.to_str().unwrap()]);
    let same = again == fs::read(training("default.vigie")).unwrap();
    assert!(
        same,
        "training/default.vigie is not what the recipe makes; training/README.md says how to make it"
    );
}
