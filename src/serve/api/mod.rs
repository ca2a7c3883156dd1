//! Serves scores to programs: Perspective's contract under its own paths, vigie's own, and Coral's moderation phase.
//!
//! One file a kind of question; `route` says which answers what. Nothing that is scored is kept, and no text is logged.

mod about;
mod access;
mod analyze;
mod batch;
mod body;
mod caller;
mod coral;
mod discovery;
mod engine;
mod fault;
mod feedback;
mod include;
mod live;
mod metrics;
mod name;
mod object;
mod reply;
mod request;
mod route;
mod score;
mod span;

pub use analyze::Languages;
pub use live::Files;

use std::io::Write;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::{Listen, interrupted, listen};
use crate::error::{Error, Result};
use crate::report::Locale;
use crate::triage::Settings;
use access::Access;
use body::Room;
use caller::Limit;
use feedback::Feedback;
use live::Live;
use metrics::Metrics;

/// What happened beside the answers; for the people who run the service.
#[derive(Debug)]
pub enum Event {
    /// A file was read again, and counts from now on.
    Reread(PathBuf),
    /// A file could not be read again: what was read before stays.
    Kept(Error),
    /// A suggestion could not be kept; its client was answered all the same.
    Lost(Error),
}

/// Is told what happened.
pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// How the service is set up.
pub struct Setup {
    /// What it is made from.
    pub files: Files,
    /// What the newsroom settled: bands.
    pub settings: Settings,
    /// Where it listens.
    pub listen: Listen,
    /// What is made of the languages that requests name.
    pub languages: Languages,
    /// The attributes that a key may ask for in a minute; any number where it is not said.
    pub limit: Option<NonZeroU32>,
    /// Where suggestions are kept; nowhere where it is not said.
    pub feedback: Option<PathBuf>,
    /// The language of reasons, where a request names none.
    pub locale: Locale,
    /// Where a line is written for each answer.
    pub access: Option<Box<dyn Write + Send>>,
    /// Is told what happened beside the answers.
    pub tell: Tell,
}

/// What all answers share.
struct Api {
    live: Arc<Live>,
    metrics: Arc<Metrics>,
    languages: Languages,
    limit: Option<Limit>,
    feedback: Option<Feedback>,
    /// Who has it writes a suggestion down.
    pen: Semaphore,
    locale: Locale,
    access: Option<Access>,
    tell: Tell,
    /// How many long questions are answered at once: the others wait, and short ones pass.
    turns: Semaphore,
    /// Who has it makes an analysis of very many sentences and attributes; comments and lists do not wait behind those.
    aside: Semaphore,
    /// For what takes much memory.
    room: Room,
    scheme: &'static str,
}

/// A service is for programs: many connections, most of them at rest.
const BOUNDS: listen::Bounds = listen::Bounds {
    connections: 16_384,
    headers: Duration::from_secs(15),
    header_count: 100,
    header_bytes: 32 * 1024,
    silence: Duration::from_secs(30),
    linger: Duration::from_secs(1),
    farewell: Duration::from_secs(10),
};

/// Large requests and answers held at once: a request has 3 MiB at the most, and an answer some tens.
const ROOM: usize = 32;

/// Files that are open besides connections, and some to spare.
#[cfg(unix)]
const FILES: usize = 128;

/// How often keys are forgotten that nobody uses any more.
const TIDY: Duration = Duration::from_secs(60);

/// Serves until it is interrupted. `ready` is told the address once it listens.
///
/// # Errors
/// When a file cannot be read, or the address cannot be listened on; and when others could suggest labels without a key.
pub fn serve(setup: Setup, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let Setup { files, settings, listen, languages, limit, feedback, locale, access, tell } = setup;
    if listen.is_open() && feedback.is_some() && files.keys.is_none() {
        return Err(Error::input(
            "others could reach this address and write labels: name a file with the keys of those who may",
        ));
    }
    let live = Arc::new(Live::read(files, settings)?);
    let tls = live.tls.clone();
    let metrics = Arc::new(Metrics::new());
    metrics.model_read.set(live::seconds());
    let bounds = listen::Bounds { connections: connections(), ..BOUNDS };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let api = Arc::new(Api {
        live: Arc::clone(&live),
        metrics: Arc::clone(&metrics),
        languages,
        limit: limit.map(Limit::new),
        feedback: feedback.as_deref().map(Feedback::open).transpose()?,
        pen: Semaphore::new(1),
        locale,
        access: access.map(Access::new),
        tell: Arc::clone(&tell),
        turns: Semaphore::new(cores),
        aside: Semaphore::new(1),
        room: Room::new(ROOM),
        scheme: if tls.is_some() { "https" } else { "http" },
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = listen.bind()?;
        let address = listener.local_addr()?;
        let end = interrupted()?;
        tokio::spawn(live.watch(metrics, tell));
        tokio::spawn(tidy(Arc::clone(&api)));
        ready(address);
        listen::serve(listener, route::router(api), bounds, tls, end).await;
        Ok(())
    })
}

/// How many connections there may be: each is an open file, and the system may allow many more than it grants at first. Some
/// are left for what else is opened, or no file could be read again while all are taken.
#[cfg(unix)]
fn connections() -> usize {
    let files = rlimit::increase_nofile_limit((BOUNDS.connections + FILES) as u64);
    let files = files.ok().and_then(|files| usize::try_from(files).ok());
    let room = files.map_or(BOUNDS.connections, |files| files.saturating_sub(FILES));
    room.clamp(1, BOUNDS.connections)
}

#[cfg(not(unix))]
fn connections() -> usize {
    BOUNDS.connections
}

async fn tidy(api: Arc<Api>) {
    loop {
        tokio::time::sleep(TIDY).await;
        if let Some(limit) = &api.limit {
            limit.tidy();
        }
    }
}
