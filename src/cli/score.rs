//! `vigie score`: adds scores, advice and reasons to comments, as they stream by.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use vigie::comment::{COLUMNS, Comment};
use vigie::feature::{Context, Places};
use vigie::model::Scratch;
use vigie::report::Columns;
use vigie::scorer::{Reason, Scorer, Scores};
use vigie::source::table::{Field, Format as TableFormat, Mapping, Record, Row, Table};
use vigie::source::{Input, Item, Kind, Options};
use vigie::text::OffsetMap;
use vigie::triage::Adviser;
