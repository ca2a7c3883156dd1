//! Reads the newsroom's settings: `vigie.toml`, or the file that was named.

use std::fs;
use std::path::{Path, PathBuf};

use vigie::Error;
use vigie::triage::Settings;

use super::stderr::tell;

/// The file that is read where none is named.
const USUAL: &str = "vigie.toml";

/// Settings, and where they come from.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file; none where there is none.
    pub path: Option<PathBuf>,
    /// What it settles.
    pub settings: Settings,
}

impl Config {
    /// The settings in the file `named`, or in `vigie.toml` where one lies in the current folder; what was read is told.
    ///
    /// # Errors
    /// When the file cannot be read, or says what makes no sense: one line with the file, the line and the key.
    pub fn find(named: Option<&Path>) -> anyhow::Result<Config> {
        let path = match named {
            Some(path) => path,
            None if Path::new(USUAL).is_file() => Path::new(USUAL),
            None => return Ok(Config::default()),
        };
        let text = fs::read_to_string(path).map_err(|error| Error::from(error).at_path(path))?;
        let settings = parse(&text).map_err(|error| error.at_path(path))?;
        tell(format!("{}: {}", path.display(), summary(&settings)));
        Ok(Config { path: Some(path.to_path_buf()), settings })
    }
}

fn parse(text: &str) -> vigie::Result<Settings> {
    let settings: Settings = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        let number = text[..start].matches('\n').count() + 1;
        let line = text.lines().nth(number - 1).unwrap_or_default().trim();
        // The parser explains over several lines; the first says what is wrong, the line says where.
        let what = error.message().lines().next().unwrap_or_default();
        Error::input(format!("{line}: {what}")).at_element(format!("line {number}"))
    })?;
    settings.check()?;
    Ok(settings)
}

/// What was settled, in a line.
fn summary(settings: &Settings) -> String {
    let Settings { bands, budget, seconds } = settings;
    let mut told = Vec::new();
    if !bands.is_empty() {
        let labels: Vec<&str> = bands.keys().map(String::as_str).collect();
        told.push(format!("bands for {}", labels.join(", ")));
    }
    told.extend(budget.map(|budget| format!("budget {budget}")));
    told.extend(seconds.map(|seconds| format!("{seconds} s a comment")));
    if told.is_empty() { "settles nothing".to_string() } else { told.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn what_makes_no_sense_is_told_in_one_line_with_its_key() {
        for (text, expected) in [
            (
                "budgets = 3\n",
                "line 1: budgets = 3: unknown field `budgets`, expected one of `bands`, `budget`, `seconds`",
            ),
            (
                "[bands.insult]\n\nreview = 1.5",
                "line 3: review = 1.5: expected a number from 0 to 1, found 1.5",
            ),
            (
                "[bands.insult]\nrevue = 0.5",
                "line 2: revue = 0.5: unknown field `revue`, expected one of `review`, `target`, `reject`",
            ),
            (
                "[bands.insult]\ntarget = \"f1=2\"",
                "line 2: target = \"f1=2\": expected precision=P or recall=R, each above 0 and up to 1, found \"f1=2\"",
            ),
        ] {
            assert_eq!(refused(text), expected);
        }
        for text in
            ["budget = 0", "budget = \"x\"", "bands = 3", "[bands.insult", "budget = 1\nbudget = 2"]
        {
            let told = refused(text);
            assert!(!told.contains('\n') && told.starts_with("line "), "{told}");
        }
    }

    #[test]
    fn what_was_read_is_told() {
        let text =
            "budget = 200\nseconds = 7.5\n[bands.insult]\nreview = 0.3\n[bands.conspiracy]\n";
        let told = summary(&parse(text).unwrap());
        assert_eq!(told, "bands for conspiracy, insult; budget 200; 7.5 s a comment");
        assert_eq!(summary(&parse("").unwrap()), "settles nothing");
    }
}
