//! Serves the moderator's desk: pages in the browser of the machine that it runs on, or of those who hold a token; and, in
//! [`api`], scores to other programs.
//!
//! One file a page; what a page needs of the database it asks the desk for, off the threads that answer.

mod address;
mod answer;
pub mod api;
mod asset;
mod bulk;
mod card;
mod claim;
mod cookie;
mod dashboard;
mod decide;
mod door;
mod export;
mod filter;
mod form;
mod frame;
mod guard;
mod item;
mod keys;
mod label;
mod listen;
mod models;
mod moment;
mod outcome;
mod preference;
mod queue;
mod retraining;
mod tls;
mod token;
mod visitor;
mod words;

pub use listen::Listen;
pub use tls::Tls;
pub use token::Tokens;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, middleware};

use crate::error::{Error, Result};
use crate::report::Locale;
use crate::store::{Judge, Store};
use crate::triage::Settings;
use claim::Claims;
use guard::Guard;
use label::Coach;
use retraining::Background;
use token::Entrance;
use visitor::Visitor;

/// How the desk is set up.
pub struct Setup {
    /// What is decided on, and what was.
    pub store: Store,
    /// The model that advises, the store's active one.
    pub judge: Judge,
    /// What the newsroom settled: the bands of a model that is switched to.
    pub settings: Settings,
    /// Where it listens.
    pub listen: Listen,
    /// Names besides that address under which it may be asked for.
    pub hosts: Vec<String>,
    /// Who may come in; none where everybody on this machine may.
    pub tokens: Option<Tokens>,
    /// The language of pages, until a visitor chooses; their browser's where it is not said.
    pub locale: Option<Locale>,
    /// What a moderator is called who has not said a name.
    pub moderator: String,
}

/// A desk is for a few people with their browsers.
const BOUNDS: listen::Bounds = listen::Bounds {
    connections: 256,
    headers: Duration::from_secs(10),
    header_count: 64,
    header_bytes: 32 * 1024,
    silence: Duration::from_secs(60),
    // A browser asks again by itself; whoever ends the desk wants it to end.
    linger: Duration::ZERO,
    farewell: Duration::from_secs(3),
};

/// What all pages share.
struct Desk {
    store: Store,
    judge: RwLock<Arc<Judge>>,
    settings: Settings,
    background: Background,
    coach: Coach,
    claims: Claims,
    guard: Guard,
    entrance: Option<Entrance>,
    locale: Option<Locale>,
    moderator: String,
    port: u16,
}

impl Desk {
    /// The cookie of a session. Cookies know no ports, and there may be two desks on a machine.
    fn session(&self) -> String {
        format!("vigie_session_{}", self.port)
    }

    /// What advises now.
    fn judge(&self) -> Arc<Judge> {
        Arc::clone(&self.judge.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets another judge advise from now on.
    fn judged_by(&self, judge: Judge) {
        *self.judge.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(judge);
    }

    /// The labels that can be said of a comment.
    fn labels(&self) -> Vec<String> {
        self.judge().adviser().labels().to_vec()
    }

    /// Asks the database something, on a thread that may wait for the disk.
    async fn ask<T: Send + 'static>(
        self: &Arc<Desk>,
        question: impl FnOnce(&Desk) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let desk = Arc::clone(self);
        match tokio::task::spawn_blocking(move || question(&desk)).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::database("the question was not finished")),
        }
    }
}

/// Serves the desk until it is interrupted. `ready` is told the address once it listens.
///
/// # Errors
/// When the address cannot be listened on, or others could reach it and no tokens are demanded of them.
pub fn serve(setup: Setup, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let Setup { store, judge, settings, listen, hosts, tokens, locale, moderator } = setup;
    if listen.is_open() && tokens.is_none() {
        return Err(Error::input(
            "others could reach this address: name a --token-file with the tokens of those who may",
        ));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = listen.bind()?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk {
            store,
            judge: RwLock::new(Arc::new(judge)),
            settings,
            background: Background::default(),
            coach: Coach::default(),
            claims: Claims::default(),
            guard: Guard::new(address, &hosts),
            entrance: tokens.map(Entrance::new),
            locale,
            moderator,
            port: address.port(),
        });
        let end = interrupted()?;
        ready(address);
        listen::serve(listener, router(Arc::clone(&desk)), BOUNDS, None, end).await;
        Ok(desk)
    });
    served.map(|desk| desk.coach.end())
}

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(queue::get))
        .route("/item/{item}", get(item::get))
        .route("/label", get(label::get))
        .route("/dashboard", get(dashboard::get))
        .route("/decide", post(decide::decide))
        .route("/undo", post(decide::undo))
        .route("/bulk/preview", post(bulk::preview))
        .route("/bulk", post(bulk::decide))
        .route("/export", get(export::get))
        .route("/export/{file}", get(export::file))
        .route("/models", get(models::get))
        .route("/retrain", post(retraining::begin))
        .route("/switch", post(retraining::switch))
        .route("/claims", post(claim::look))
        .route("/login", get(door::ask).post(door::knock))
        .route("/leave", post(door::leave))
        .route("/lang", post(preference::language))
        .route("/calm", post(preference::calm))
        .route("/who", post(preference::who))
        .route("/assets/{name}", get(asset::get))
        .route("/favicon.ico", get(StatusCode::NO_CONTENT))
        .fallback(missing)
        .layer(DefaultBodyLimit::max(guard::BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), door::keep))
        .with_state(desk)
}

async fn missing(visitor: Visitor) -> Response {
    answer::nowhere(&visitor)
}

/// Comes when somebody wants the program to end.
#[cfg(unix)]
fn interrupted() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut ended = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = ended.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

/// Comes when somebody wants the program to end.
#[cfg(not(unix))]
fn interrupted() -> Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
