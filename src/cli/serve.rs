//! `vigie serve`: scores for other programs, as Perspective answered them and as vigie does.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vigie::Error;
use vigie::serve::Listen;
use vigie::serve::api::{Event, Files, Languages, Setup, serve};

use super::Status;
use super::args::Lang;
use super::config::Config;
use super::listen::{listen, url};
use super::stderr::tell;

/// The port where none is asked for.
const PORT: u16 = 8787;

/// Answer Perspective's API on this machine: change one address, keep your code.
///
/// Serves comments:analyze and comments:suggestscore under /v1alpha1 as Perspective did, Coral's external moderation phase
/// (/coral), and an API of its own: /v1/score (one comment, many, or a stream of lines), /v1/model, /healthz, /metrics,
/// /openapi.json. Nothing that is scored is kept or sent anywhere. Files are read again when they change, or on SIGHUP.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie serve
  vigie serve --model mine.vigie --keys-file keys.txt --feedback labels.jsonl
  curl -d '{\"comment\":{\"text\":\"Pauvre type !\"},\"requestedAttributes\":{\"TOXICITY\":{}}}' \\
    http://127.0.0.1:8787/v1alpha1/comments:analyze")]
pub struct Args {
    /// A model file that `vigie train` wrote; the shipped one otherwise
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,

    /// Settings of your newsroom: bands (./vigie.toml where it is there)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Where to listen: ADDRESS, ADDRESS:PORT or PORT (on this machine)
    #[arg(long, value_name = "WHERE", default_value = "127.0.0.1:8787", value_parser = |text: &str| listen(text, PORT))]
    listen: Listen,

    /// Let in these keys only: a line `NAME KEY` each, or a key alone, of 16 characters or more. Any key will do otherwise
    #[arg(long, value_name = "FILE", help_heading = "Access")]
    keys_file: Option<PathBuf>,

    /// Attributes that a key may ask for in a minute; more is answered as Perspective did, with Retry-After
    #[arg(long, value_name = "NUMBER", help_heading = "Access")]
    rate_limit: Option<NonZeroU32>,

    /// The secrets that Coral signs with, one a line; without them /coral is not there
    #[arg(long, value_name = "FILE", help_heading = "Access")]
    coral_secrets: Option<PathBuf>,

    /// Speak TLS with this certificate (PEM, with those above it)
    #[arg(long, value_name = "FILE", requires = "tls_key", help_heading = "Access")]
    tls_cert: Option<PathBuf>,

    /// The private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert", help_heading = "Access")]
    tls_key: Option<PathBuf>,

    /// Refuse languages that the model was not trained on, as Perspective did, and markup. Without it, languages are echoed and the
    /// text is read in its own
    #[arg(long, help_heading = "Answers")]
    strict_languages: bool,

    /// The language of reasons, where a request names none
    #[arg(long, value_enum, default_value_t, help_heading = "Answers")]
    lang: Lang,

    /// Append what clients suggest to this file of labels (JSON Lines), which `vigie train` reads. Without it nothing is kept
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    feedback: Option<PathBuf>,

    /// Append a line for each answer, without texts and keys; - for standard error
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    access_log: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let config = Config::find(args.config.as_deref())?;
    let tls = args.tls_cert.clone().zip(args.tls_key.clone());
    let scheme = if tls.is_some() { "https" } else { "http" };
    if args.listen.is_open() && args.keys_file.is_none() {
        tell("others can reach this address, and any key will do: --keys-file says who may");
    }
    let setup = Setup {
        files: Files {
            model: args.model.clone(),
            keys: args.keys_file.clone(),
            coral: args.coral_secrets.clone(),
            tls,
        },
        settings: config.settings,
        listen: args.listen,
        languages: match args.strict_languages {
            true => Languages::Strict,
            false => Languages::Lenient,
        },
        limit: args.rate_limit,
        feedback: args.feedback.clone(),
        locale: args.lang.into(),
        access: args.access_log.as_deref().map(access).transpose()?,
        tell: Arc::new(|event| told(&event)),
    };
    serve(setup, |address| ready(scheme, address))?;
    Ok(Status::Done)
}

fn access(path: &Path) -> anyhow::Result<Box<dyn Write + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stderr()));
    }
    let open = OpenOptions::new().create(true).append(true).open(path);
    Ok(Box::new(open.map_err(|error| Error::from(error).at_path(path))?))
}

fn told(event: &Event) {
    match event {
        Event::Reread(path) => tell(format!("{}: read again", path.display())),
        Event::Kept(error) => tell(format!("{error}; what was read before stays")),
        Event::Lost(error) => tell(format!("a suggestion could not be kept: {error}")),
    }
}

/// Says where it is: one line on standard output, for programs too.
fn ready(scheme: &str, address: SocketAddr) {
    let mut out = std::io::stdout();
    // Nobody may be listening; the service is there all the same.
    let _ = writeln!(out, "{}", url(scheme, address)).and_then(|()| out.flush());
    tell("the API is open; Ctrl-C closes it");
}
