//! Defines why a page yields no comments: never a silent zero.

use std::fmt;

/// Why a page yields no comments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Absence {
    /// The page itself says that there are none; its words.
    SaidNone(String),
    /// Comments are closed, or shown to subscribers only; the page's words.
    Closed(String),
    /// The page has comments, but they are loaded by script and not in this file.
    Elsewhere {
        /// The comment system, where its mark was seen.
        system: Option<String>,
        /// What gave it away: a counter, a link, a script's element.
        sign: String,
        /// How a newsroom gets its comments out of that system, where that is known.
        export: Option<String>,
    },
    /// No comment area at all.
    NoArea,
    /// Standard input ended before it began.
    EmptyPipe,
    /// A web archive in which no page was kept: pictures, redirections, pages not found.
    NoPage,
    /// An export or a database without a single record.
    NoRecord,
}

impl Absence {
    /// The kind of reason, for counts.
    pub fn name(&self) -> &'static str {
        match self {
            Absence::SaidNone(_) => "said by the page",
            Absence::Closed(_) => "comments closed",
            Absence::Elsewhere { .. } => "comments elsewhere",
            Absence::NoArea => "no comment area",
            Absence::EmptyPipe => "empty input",
            Absence::NoPage => "no page",
            Absence::NoRecord => "no record",
        }
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Absence::SaidNone(words) => write!(f, "the page says that it has none: « {words} »"),
            Absence::Closed(words) => write!(f, "comments are not open to see: « {words} »"),
            Absence::Elsewhere { system, sign, export } => {
                let system = system.as_deref().unwrap_or("the page");
                write!(f, "comments are not in this file: {system} loads them by script ({sign})")?;
                match export {
                    Some(export) => write!(f, "; to get them: {export}"),
                    None => Ok(()),
                }
            }
            Absence::NoArea => write!(f, "no comment area"),
            Absence::EmptyPipe => write!(f, "standard input is empty"),
            Absence::NoPage => write!(f, "the archive holds no page"),
            Absence::NoRecord => write!(f, "the export holds no comment"),
        }
    }
}
