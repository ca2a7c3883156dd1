//! The house: who may import whom, where foreign crates may be named, and how large a file may grow.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A module, and the modules that it may import. Upstream first: none may import one that stands below it.
const HOUSE: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("comment", &["error"]),
    ("text", &["error"]),
    ("source", &["error", "comment"]),
    ("lexicon", &["error", "text"]),
    ("identity", &["error", "text", "lexicon"]),
    ("feature", &["error", "text", "lexicon"]),
    ("evaluation", &["error", "text"]),
    ("model", &["error", "text", "lexicon", "feature", "evaluation"]),
    ("scorer", &["comment", "text", "feature", "model"]),
    ("attribute", &["error", "text", "lexicon", "feature", "evaluation", "model", "scorer"]),
    ("triage", &["error", "comment", "text", "lexicon", "evaluation", "model", "scorer"]),
    (
        "store",
        &[
            "error",
            "comment",
            "text",
            "source::date",
            "lexicon",
            "feature",
            "evaluation",
            "model",
            "scorer",
            "triage",
        ],
    ),
    (
        "report",
        &[
            "error",
            "comment",
            "evaluation",
            "model",
            "scorer",
            "triage",
            "source::table::neutralise",
        ],
    ),
    ("export", &["error", "comment", "source::table", "triage", "store", "report"]),
    (
        "retrain",
        &[
            "error",
            "comment",
            "text",
            "feature",
            "evaluation",
            "model",
            "scorer",
            "triage",
            "store",
        ],
    ),
    (
        "serve",
        &[
            "error",
            "comment",
            "text",
            "source::markup",
            "feature",
            "evaluation",
            "model",
            "scorer",
            "attribute",
            "triage",
            "report",
            "store",
            "export",
            "retrain",
        ],
    ),
    (
        "cli",
        &[
            "error",
            "comment",
            "text",
            "source",
            "lexicon",
            "identity",
            "feature",
            "evaluation",
            "model",
            "scorer",
            "attribute",
            "triage",
            "report",
            "store",
            "export",
            "retrain",
            "serve",
        ],
    ),
];

/// Crates, and the only places that may name them.
const GUESTS: &[(&str, &[&str])] = &[
    ("anyhow", &["cli"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("tempfile", &["cli", "store/tests.rs"]),
    ("rayon", &["cli", "evaluation/bootstrap.rs", "model/fit", "serve/api", "store"]),
    ("fastrand", &["evaluation/bootstrap.rs", "triage/strategy.rs"]),
    ("linfa", &["model/fit"]),
    ("linfa_logistic", &["model/fit"]),
    ("ndarray", &["model/fit"]),
    ("calamine", &["source/spreadsheet"]),
    ("rust_xlsxwriter", &["report/xlsx.rs"]),
    ("flate2", &["model/file.rs", "source/input.rs", "source/spreadsheet/zip.rs", "source/warc"]),
    ("mail_parser", &["source/mhtml.rs"]),
    ("miniz_oxide", &["model/file.rs"]),
    ("httparse", &["source/warc"]),
    ("plotters", &["report/chart", "report/reading/drawing.rs"]),
    (
        "jiff",
        &[
            "export/moment.rs",
            "serve/moment.rs",
            "source/date",
            "store/tally/week.rs",
            "triage/simulation.rs",
        ],
    ),
    ("glob", &["source/input.rs"]),
    ("walkdir", &["source/input.rs"]),
    ("scraper", &["source/page"]),
    ("html5ever", &["source/page/parse"]),
    ("ego_tree", &["source/page/parse"]),
    ("rustc_hash", &["source/date", "source/page", "triage/twins"]),
    ("zip", &["source/spreadsheet/zip.rs"]),
    ("encoding_rs", &["source"]),
    ("quick_xml", &["source/spreadsheet/ods.rs", "source/xml", "report/chart/tests.rs"]),
    ("ruzstd", &["source/zstd.rs"]),
    ("rusqlite", &["source/sqlite.rs", "store"]),
    ("rusqlite_migration", &["store/schema.rs"]),
    ("hex", &["serve/api/coral.rs"]),
    ("hmac", &["serve/api/coral.rs", "store/pseudonym.rs"]),
    ("getrandom", &["serve/token.rs", "store"]),
    ("arc_swap", &["serve"]),
    ("axum", &["serve"]),
    ("governor", &["serve/api/caller.rs"]),
    ("http_body_util", &["serve/api"]),
    ("prometheus_client", &["serve/api/metrics.rs"]),
    ("rlimit", &["serve/api/mod.rs"]),
    ("tokio_io_timeout", &["serve/listen.rs"]),
    ("tokio_rustls", &["serve/tls.rs"]),
    ("tokio_stream", &["serve/api"]),
    ("tower_http", &["serve/api/route.rs"]),
    ("tokio", &["serve"]),
    ("maud", &["serve"]),
    ("hyper", &["serve/listen.rs"]),
    ("hyper_util", &["serve/listen.rs"]),
    ("cookie", &["serve"]),
    ("subtle", &["serve"]),
    ("open", &["cli"]),
    ("statrs", &["evaluation/exact.rs"]),
    ("parquet", &["cli/parquet.rs"]),
];

/// A file is split before it grows longer.
const LONGEST: usize = 400;

struct File {
    /// Its path below `src`.
    path: String,
    text: String,
    /// Its text without comments and unit tests.
    code: String,
}

impl File {
    /// Its module and those around it, from the root on.
    fn module(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').filter(|name| *name != "lib" && *name != "main").collect()
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                let lines = code.lines().map(|line| line.split("// ").next().unwrap_or_default());
                let kept = lines.filter(|line| !line.trim_start().starts_with("//"));
                let code = kept.collect::<Vec<_>>().join("\n");
                let path = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push(File { path, text, code });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// Every path that begins with `root` in `code`, without it: `{a, b::{c, d}}` gives `a`, `b::c`, `b::d`.
fn paths(code: &str, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let before = |at: usize| code[..at].chars().next_back();
    for (at, _) in code.match_indices(root) {
        if before(at).is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let mut open = vec![String::new()];
        let mut path = String::new();
        for c in code[at + root.len()..].chars() {
            match c {
                '{' => {
                    open.push(std::mem::take(&mut path));
                }
                '}' | ',' if open.len() > 1 => {
                    if !path.is_empty() {
                        found.insert(open.concat() + &std::mem::take(&mut path));
                    }
                    if c == '}' {
                        open.pop();
                    }
                    if open.len() == 1 {
                        break;
                    }
                }
                c if c.is_alphanumeric() || c == '_' || c == ':' => path.push(c),
                c if c.is_whitespace() && open.len() > 1 => {}
                _ => break,
            }
        }
        if !path.is_empty() {
            found.insert(open.concat() + &path);
        }
    }
    found
}

/// The paths from the root that `super::super::…` reaches in a file that stands this deep.
fn climbed(file: &File) -> BTreeSet<String> {
    let depth = file.module().len();
    paths(&file.code, &"super::".repeat(depth))
}

#[test]
fn modules_import_only_what_is_upstream() {
    for (place, (module, allowed)) in HOUSE.iter().enumerate() {
        for name in *allowed {
            let name = name.split("::").next().unwrap();
            assert!(HOUSE[..place].iter().any(|(above, _)| *above == name), "{module}: {name}");
        }
    }
    let mut wrong = Vec::new();
    for file in files() {
        let Some(&module) = file.module().first() else { continue };
        let Some((_, allowed)) = HOUSE.iter().find(|(name, _)| *name == module) else {
            panic!("{}: say in tests/layers.rs what the module may import", file.path);
        };
        let root = if module == "cli" { "vigie::" } else { "crate::" };
        for path in paths(&file.code, root).into_iter().chain(climbed(&file)) {
            let within =
                |allowed: &&str| path == **allowed || path.starts_with(&format!("{allowed}::"));
            // Capitals: what the root re-exports of `error`.
            let own =
                path.split("::").next() == Some(module) || path.starts_with(char::is_uppercase);
            if !own && !allowed.iter().any(within) {
                wrong.push(format!("src/{}: {path}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "not upstream:\n{}", wrong.join("\n"));
}

#[test]
fn crates_are_named_only_where_they_belong() {
    let mut wrong = Vec::new();
    for file in files() {
        for (guest, rooms) in GUESTS {
            let named = !paths(&file.code, &format!("{guest}::")).is_empty();
            if named && !rooms.iter().any(|room| file.path.starts_with(room)) {
                wrong.push(format!("src/{}: {guest}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "out of place:\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut wrong = Vec::new();
    for file in files() {
        let lines = file.text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("src/{}: {lines} lines", file.path));
        }
        if !file.text.starts_with("//! ") {
            wrong.push(format!("src/{}: begins without //!", file.path));
        }
        for name in ["util", "utils", "helpers", "common", "misc"] {
            if file.module().contains(&name) {
                wrong.push(format!("src/{}: {name} says nothing", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_program_prints() {
    for file in files() {
        let prints = ["println!", "eprintln!", "print!", "eprint!", "dbg!", "stdout()", "stderr()"];
        let found = prints.iter().find(|print| file.code.contains(*print));
        let may = file.path.starts_with("cli/") || file.path == "main.rs";
        assert!(may || found.is_none(), "src/{}: {found:?}", file.path);
    }
}

#[test]
fn imports_are_found_however_they_are_written() {
    let code = "use crate::{a::{b, c::D}, e};\nfn f(x: crate::g::H) { not_crate::i::j() }";
    let expected = ["a::b", "a::c::D", "e", "g::H"].map(str::to_string);
    assert_eq!(paths(code, "crate::"), BTreeSet::from(expected));
}
