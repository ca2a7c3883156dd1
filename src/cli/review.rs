//! `vigie review`: the moderator's desk, in a browser.

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use vigie::Error;
use vigie::export::Origin;
use vigie::model::Model;
use vigie::serve::{Listen, Setup, Tokens, serve};
use vigie::store::{Imported, Judge, Store, now};

use super::Status;
use super::args::{InputArgs, Lang, ModelArgs, load};
use super::config::Config;
use super::input::Account;
use super::intake::{Intake, tell_taken};
use super::listen::{listen, url};
use super::pseudonym::{Absent, PseudonymArgs};
use super::stderr::tell;

/// The port that is tried first where none is asked for.
const PORT: u16 = 8788;

/// Review comments in the browser: decide, undo, find, in bulk or one by one.
///
/// Takes comments into a database, scores them, and opens a page on this machine that shows the worst first, with reasons.
/// What is decided stays; what is read twice is there once; what `vigie decisions` wrote brings its decisions. Without inputs it opens the database alone. Works by keyboard (?
/// shows the keys), on a phone, without JavaScript, in French and in English.
#[derive(clap::Args)]
#[command(
    mut_arg("inputs", |arg| arg.help("Files, folders (read recursively), globs, or - for standard input: saved pages (HTML), \
        text dumps, CSV, JSON Lines; gzip too. The database alone when none is given")),
    after_help = "\
Examples:
  vigie review export.csv
  vigie review pages/ --db quai.vigie.db --no-open
  vigie review --listen 192.168.1.7 --token-file tokens.txt --host desk.example")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    model: ModelArgs,

    /// Where comments and decisions are kept; made where it is not there
    #[arg(
        long,
        value_name = "FILE",
        default_value = "moderation.vigie.db",
        help_heading = "Database"
    )]
    db: PathBuf,

    /// The share of comments with nothing to report that is mixed in unmarked, 0 to 1: what the queue misses is
    /// estimated from it
    #[arg(long, value_name = "SHARE", default_value_t = 0.02, value_parser = share, help_heading = "Database")]
    audit: f64,

    #[command(flatten)]
    pseudonym: PseudonymArgs,

    /// Settings of your newsroom: bands (./vigie.toml where it is there)
    #[arg(long, value_name = "FILE", help_heading = "Database")]
    config: Option<PathBuf>,

    /// Where to listen: ADDRESS, ADDRESS:PORT or PORT (on this machine, from port 8788 on, by default). An address that
    /// others can reach demands --token-file
    #[arg(long, value_name = "WHERE", value_parser = |text: &str| listen(text, PORT), help_heading = "Desk")]
    listen: Option<Listen>,

    /// Who may come in: a line `NAME TOKEN` each, or a token alone, of 16 characters or more
    #[arg(long, value_name = "FILE", help_heading = "Desk")]
    token_file: Option<PathBuf>,

    /// A name under which the desk may be asked for, besides its address; may be repeated
    #[arg(long, value_name = "NAME", help_heading = "Desk")]
    host: Vec<String>,

    /// Do not open the browser
    #[arg(long, help_heading = "Desk")]
    no_open: bool,

    /// The language of the pages until one is chosen there (the browser's by default)
    #[arg(long, value_enum, help_heading = "Desk")]
    lang: Option<Lang>,
}

fn share(text: &str) -> Result<f64, String> {
    match text.replace(',', ".").parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("expected a number from 0 to 1".into()),
    }
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let listen = args.listen.unwrap_or(Listen::From(PORT));
    let tokens = args.token_file.as_deref().map(tokens).transpose()?;
    if listen.is_open() && tokens.is_none() {
        return Err(Error::input(
            "others could reach this address: name a --token-file with the tokens of those who may come in",
        )
        .into());
    }
    let reads = !args.input.inputs.is_empty();
    if !reads && !args.db.is_file() {
        let told = "no such database, and no inputs to make it from";
        return Err(Error::input(told).at_path(&args.db).into());
    }
    let config = Config::find(args.config.as_deref())?;
    let store = Store::open(&args.db)?;
    let judge = Judge::new(model(&store, args)?, &config.settings)?;
    store.keep_model(judge.scorer().model(), None, now(), None)?;
    let scored = store.adopt(&judge)?;
    if scored > 0 {
        tell(format!("{}: {scored} comments scored anew", args.db.display()));
    }
    let mut status = Status::Done;
    if reads {
        status = import(args, &store, &judge)?;
        if status == Status::Nothing {
            return Ok(status);
        }
    }
    let setup = Setup {
        store,
        judge,
        settings: config.settings,
        listen,
        hosts: args.host.clone(),
        tokens,
        locale: args.lang.map(Into::into),
        moderator: moderator(),
    };
    serve(setup, |address| ready(address, args.no_open))?;
    Ok(status)
}

fn tokens(path: &Path) -> anyhow::Result<Tokens> {
    let text = fs::read_to_string(path).map_err(|error| Error::from(error).at_path(path))?;
    Ok(Tokens::parse(&text).map_err(|error| error.at_path(path))?)
}

/// The model that was named, else the one that the database was scored with, else the shipped one.
fn model(store: &Store, args: &Args) -> anyhow::Result<Model> {
    if args.model.model.is_none()
        && let Some(model) = store.model(None)?
    {
        return Ok(model);
    }
    load(args.model.model.as_deref())
}

fn import(args: &Args, store: &Store, judge: &Judge) -> anyhow::Result<Status> {
    let inputs = args.input.expand();
    let mut account = Account::new(&args.input.rejects)?;
    let origin = Origin { moderator: moderator(), made: now() };
    let key = args.pseudonym.key(Absent::Make)?;
    let intake = Intake { store, judge, share: args.audit, key, origin };
    let (imported, taken) = intake.take(&inputs, &args.input.options()?, &mut account)?;
    let Imported { added, out, known, forgotten, .. } = imported;
    let mut told = format!("{}: {added} new, {known} known already", args.db.display());
    for (count, what) in
        [(out, "taken down by their site or empty"), (forgotten, "to be forgotten")]
    {
        if count > 0 {
            told.push_str(&format!(", {count} {what}"));
        }
    }
    tell(told);
    tell_taken(&taken);
    account.close("taken in")
}

/// Says where the desk is: one line on standard output, for programs too.
fn ready(address: SocketAddr, no_open: bool) {
    let url = url("http", address);
    let mut out = std::io::stdout();
    // Nobody may be listening; the desk is there all the same.
    let _ = writeln!(out, "{url}").and_then(|()| out.flush());
    tell("the desk is open; Ctrl-C closes it");
    if !no_open && let Err(error) = open::that_detached(&url) {
        tell(format!("no browser could be opened ({error}); go to {url}"));
    }
}

/// What a moderator is called who has not said a name: what the system calls them.
fn moderator() -> String {
    let names = ["USER", "USERNAME", "LOGNAME"].into_iter();
    let name =
        names.filter_map(|name| std::env::var(name).ok()).find(|name| !name.trim().is_empty());
    name.unwrap_or_else(|| "moderation".to_string())
}
