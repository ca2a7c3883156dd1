//! Holds what may change while the service runs: the model, the keys, Coral's secrets, the certificate. Each is read again
//! when its file changes or somebody asks for it; what cannot be read leaves the one before in its place.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use arc_swap::{ArcSwap, ArcSwapOption};

use super::coral::Secrets;
use super::engine::Engine;
use super::metrics::{Became, Metrics};
use super::{Event, Tell};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::serve::{Tls, Tokens};
use crate::triage::Settings;

/// How often files are looked at.
const GLANCE: Duration = Duration::from_millis(500);

/// The files that a service is made from.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The model; the shipped one where none is named.
    pub model: Option<PathBuf>,
    /// The keys that are let in; any where none is named.
    pub keys: Option<PathBuf>,
    /// The secrets that Coral signs with, one a line.
    pub coral: Option<PathBuf>,
    /// The certificate and its key; no TLS where none are named.
    pub tls: Option<(PathBuf, PathBuf)>,
}

/// What was read from them.
pub(super) struct Live {
    files: Files,
    settings: Settings,
    pub engine: ArcSwap<Engine>,
    pub keys: ArcSwapOption<Tokens>,
    pub secrets: ArcSwapOption<Secrets>,
    pub tls: Option<Tls>,
}

/// What a file looks like from outside: another look, another content.
type Look = Option<(SystemTime, u64, u64)>;

impl Live {
    /// Reads everything.
    ///
    /// # Errors
    /// When a file cannot be read, or holds something else.
    pub(super) fn read(files: Files, settings: Settings) -> Result<Live> {
        let engine = engine(files.model.as_deref(), &settings)?;
        let keys = files.keys.as_deref().map(keys).transpose()?;
        let secrets = files.coral.as_deref().map(secrets).transpose()?;
        let tls = files.tls.as_ref().map(|(certificate, key)| Tls::read(certificate, key));
        Ok(Live {
            engine: ArcSwap::from_pointee(engine),
            keys: ArcSwapOption::from_pointee(keys),
            secrets: ArcSwapOption::from_pointee(secrets),
            tls: tls.transpose()?,
            files,
            settings,
        })
    }

    fn watched(&self) -> Vec<&Path> {
        let Files { model, keys, coral, tls } = &self.files;
        let pair = tls.iter().flat_map(|(certificate, key)| [certificate, key]);
        [model, keys, coral].into_iter().flatten().chain(pair).map(PathBuf::as_path).collect()
    }

    /// Reads a file again, and lets what it holds count from the next request on.
    fn reread(&self, path: &Path) -> Result<()> {
        let Files { model, keys: list, coral, tls } = &self.files;
        let is = |file: &Option<PathBuf>| file.as_deref() == Some(path);
        if is(model) {
            self.engine.store(Arc::new(engine(Some(path), &self.settings)?));
        }
        if is(list) {
            self.keys.store(Some(Arc::new(keys(path)?)));
        }
        if is(coral) {
            self.secrets.store(Some(Arc::new(secrets(path)?)));
        }
        if let (Some((certificate, key)), Some(tls)) = (tls, &self.tls)
            && (certificate == path || key == path)
        {
            tls.reread(certificate, key)?;
        }
        Ok(())
    }

    /// Looks at the files for ever. A file counts once it rests: who writes it may not be done.
    pub(super) async fn watch(self: Arc<Live>, metrics: Arc<Metrics>, tell: Tell) {
        let mut called = calls();
        let mut known: Vec<(Look, Look)> =
            self.watched().iter().map(|path| (look(path), look(path))).collect();
        loop {
            let asked = tokio::select! {
                () = tokio::time::sleep(GLANCE) => false,
                () = called.next() => true,
            };
            for (path, (read, last)) in self.watched().into_iter().zip(&mut known) {
                let now = look(path);
                let rests = now == *last;
                *last = now;
                if !(asked || rests && now != *read) {
                    continue;
                }
                *read = now;
                let (live, own) = (Arc::clone(&self), path.to_path_buf());
                let done = tokio::task::spawn_blocking(move || live.reread(&own)).await;
                let (became, event) = match done {
                    Ok(Ok(())) => (Became::DONE, Event::Reread(path.to_path_buf())),
                    Ok(Err(error)) => (Became::FAILED, Event::Kept(error)),
                    Err(_) => continue,
                };
                metrics.reloads.get_or_create(&became).inc();
                if became == Became::DONE && self.files.model.as_deref() == Some(path) {
                    metrics.model_read.set(seconds());
                }
                tell(event);
            }
        }
    }
}

/// Seconds since 1970.
pub(super) fn seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn look(path: &Path) -> Look {
    let about = fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len(), number(&about)))
}

/// Which file it is: one that was moved here may be as old and as long as the one before.
#[cfg(unix)]
fn number(about: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> u64 {
    0
}

fn engine(path: Option<&Path>, settings: &Settings) -> Result<Engine> {
    let Some(path) = path else { return Engine::new(Model::shipped()?, settings) };
    let bytes = fs::read(path).map_err(|error| Error::from(error).at_path(path))?;
    let engine = Model::from_bytes(&bytes).and_then(|model| Engine::new(model, settings));
    engine.map_err(|error| error.at_path(path))
}

fn keys(path: &Path) -> Result<Tokens> {
    let text = fs::read_to_string(path).map_err(|error| Error::from(error).at_path(path))?;
    Tokens::parse(&text).map_err(|error| error.at_path(path))
}

fn secrets(path: &Path) -> Result<Secrets> {
    let text = fs::read_to_string(path).map_err(|error| Error::from(error).at_path(path))?;
    Secrets::parse(&text).map_err(|error| error.at_path(path))
}

/// Calls to read everything again.
struct Calls {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
fn calls() -> Calls {
    use tokio::signal::unix::{SignalKind, signal};
    Calls { signal: signal(SignalKind::hangup()).ok() }
}

#[cfg(not(unix))]
fn calls() -> Calls {
    Calls {}
}

impl Calls {
    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}
