//! The README shows the program's own help, names every command, and no option goes without a word.

use std::env;
use std::fs;
use std::path::PathBuf;

use crate::workdir::{Workdir, program};

fn readme() -> Option<String> {
    let path = readme_path();
    let text = fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: {} is not there", path.display());
    }
    text
}

fn readme_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

fn help(arguments: &[&str]) -> String {
    Workdir::new().vigie(&[arguments, &["--help"]].concat()).done().text().to_string()
}

/// The commands that the program lists.
fn commands() -> Vec<String> {
    listed(&[])
        .into_iter()
        .flat_map(|command| {
            let below = listed(&[&command]);
            if below.is_empty() {
                return vec![command];
            }
            below.into_iter().map(|name| format!("{command} {name}")).collect()
        })
        .collect()
}

/// The commands that the help of `above` lists.
fn listed(above: &[&str]) -> Vec<String> {
    let help = help(above);
    let Some((_, list)) = help.split_once("Commands:\n") else { return Vec::new() };
    let names = list.lines().take_while(|line| !line.is_empty());
    let names = names.map(|line| line.split_whitespace().next().unwrap().to_string());
    names.filter(|name| name != "help").collect()
}

/// The text with what follows each `$ vigie … --help` in a fenced block replaced by what the program says.
fn with_help(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    let mut fence = None;
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let marks = line.trim_start();
        if marks.starts_with("```") {
            fence = if fence.is_none() { Some("```") } else { None };
        }
        let asked = line.strip_prefix("$ vigie ").and_then(|rest| rest.strip_suffix("--help"));
        if let (Some(asked), Some(end)) = (asked, fence) {
            out.push_str(&help(&asked.split_whitespace().collect::<Vec<_>>()));
            // The old answer goes; the fence or the next command stays.
            let rest =
                lines.clone().position(|line| line.starts_with(end) || line.starts_with("$ "));
            for _ in 0..rest.expect("a block that is closed") {
                lines.next();
            }
        }
    }
    out
}

#[test]
fn the_readme_shows_the_help_as_it_is() {
    let Some(text) = readme() else { return };
    let expected = with_help(&text);
    if env::var_os("UPDATE_README").is_some() {
        fs::write(readme_path(), expected).unwrap();
        return;
    }
    let lines = text.lines().zip(expected.lines());
    let differing = lines.clone().find(|(one, other)| one != other);
    assert!(
        text == expected,
        "README.md shows another help than the program's; rewrite its blocks with\n\
         UPDATE_README=1 cargo test --test vigie docs\n\
         The first line that differs (README, program): {differing:#?}"
    );
}

#[test]
fn the_readme_shows_the_help_and_names_every_command() {
    let Some(text) = readme() else { return };
    assert!(text.contains("$ vigie --help"), "README.md shows `$ vigie --help`");
    for command in commands() {
        let named =
            text.contains(&format!("vigie {command}")) || text.contains(&format!("`{command}`"));
        assert!(named, "README.md does not mention `vigie {command}`");
    }
}

#[test]
fn every_option_is_explained() {
    let commands = commands();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in &commands {
        let help = help(&command.split_whitespace().collect::<Vec<_>>());
        let mut lines = help.lines().peekable();
        let mut options = 0;
        while let Some(line) = lines.next() {
            let option = line.trim_start();
            if !option.starts_with('-') && !option.starts_with('[')
                || option.starts_with("[default")
                || option.starts_with("[possible")
                || option.starts_with("- ")
            {
                continue;
            }
            options += 1;
            let beside = option.split_once("  ").map(|(_, words)| words.trim()).unwrap_or_default();
            let below = lines.peek().map(|line| line.trim()).unwrap_or_default();
            let told = if beside.is_empty() { below } else { beside };
            assert!(
                told.len() > 5 && !told.starts_with(['[', '-']),
                "vigie {command} --help says nothing of {option}"
            );
        }
        assert!(options > 1, "{help}");
        assert!(help.contains("\nExample"), "vigie {command} --help shows no example");
    }
}

#[test]
fn the_help_is_as_wide_wherever_there_is_room() {
    for command in [vec![], vec!["triage"], vec!["train"]] {
        let expected = help(&command);
        for columns in [None, Some("100"), Some("250")] {
            let mut program = program();
            program.args(&command).arg("--help").env_remove("COLUMNS");
            if let Some(columns) = columns {
                program.env("COLUMNS", columns);
            }
            assert_eq!(Workdir::new().run(&mut program, b"").text(), expected, "{columns:?}");
        }
        let widest = expected.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(100), "{widest:?}");
    }
}

#[test]
fn blocks_of_help_are_rewritten_and_the_rest_is_left_alone() {
    let text = "a\n```text\n$ vigie explain --help\nold\n```\nb\n$ vigie --help\nin no block\n";
    let expected = format!(
        "a\n```text\n$ vigie explain --help\n{}```\nb\n$ vigie --help\nin no block\n",
        help(&["explain"])
    );
    assert_eq!(with_help(text), expected);
    assert_eq!(with_help(&expected), expected);
}
