//! Listens: accepts connections, bounds how many there are and how long each may take, and ends when it is told to.

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{HeaderValue, header};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;

use super::tls::Tls;
use crate::error::{Error, Result};

/// How much of connections is put up with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Connections served at once.
    pub connections: usize,
    /// How long a request may take to say what it wants, and a connection may rest before it.
    pub headers: Duration,
    /// The most headers, and the most bytes of them.
    pub header_count: usize,
    /// The most bytes of headers.
    pub header_bytes: usize,
    /// How long a client may take to send something, or to take something.
    pub silence: Duration,
    /// How long, at the end, connections that rest may still be asked something: each is answered once more, and told that it
    /// was the last time. Who just closes them loses the request that comes at the same moment.
    pub linger: Duration,
    /// How long answers on their way are waited for after that.
    pub farewell: Duration,
}

/// The most connections that the system holds until they are accepted, as far as it allows so many. The usual 128 are filled
/// by anybody who opens some hundreds at once; who comes after them then waits for a second until they try again.
const BACKLOG: u32 = 4096;

/// Ports tried one after the other where the first is taken and nobody asked for it.
const PORTS: u16 = 32;

/// Where to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// At this address, or not at all; port 0 is any free one.
    At(SocketAddr),
    /// On this machine only, at this port or the next that is free.
    From(u16),
}

impl Listen {
    /// Whether others on the network could reach it.
    pub fn is_open(self) -> bool {
        matches!(self, Listen::At(address) if !address.ip().is_loopback())
    }

    /// Takes the place.
    ///
    /// # Errors
    /// When it is taken, or not ours.
    pub(super) fn bind(self) -> Result<TcpListener> {
        let (first, ports) = match self {
            Listen::At(address) => (address, 1),
            Listen::From(port) => (SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port), PORTS),
        };
        let mut last = None;
        for port in (first.port()..).take(usize::from(ports)) {
            let address = SocketAddr::new(first.ip(), port);
            match open(address) {
                Ok(listener) => return Ok(listener),
                Err(error) => last = Some(Error::from(error).at_path(address.to_string())),
            }
        }
        Err(last.unwrap_or_else(|| Error::input("no port to listen on")))
    }
}

/// Takes an address.
fn open(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // Connections of the one before may still be ending; elsewhere than on Unix this would let two share an address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// How long it takes until it is sure that nobody has connected who was not accepted.
const SETTLED: Duration = Duration::from_millis(10);

/// How often it is looked whether everybody has gone.
const GLANCE: Duration = Duration::from_millis(10);

/// What all connections share.
#[derive(Clone)]
struct Host {
    http: http1::Builder,
    router: Router,
    bounds: Bounds,
    tls: Option<Tls>,
    /// Whether every answer is its connection's last.
    ending: Arc<AtomicBool>,
}

/// Serves until `end`, then lets answers on their way arrive.
///
/// axum's own `serve` sets no clock for headers, so a client that says nothing would keep its connection for ever.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    tls: Option<Tls>,
    end: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(bounds.headers)
        .max_headers(bounds.header_count)
        .max_buf_size(bounds.header_bytes)
        // Who says that nothing more comes still waits for the answer. And nothing is read while one is made: the clock for
        // silence, which runs where something is waited for, would cut off an answer that takes longer.
        .half_close(true);
    let ending = Arc::new(AtomicBool::new(false));
    let host = Host { http, router, bounds, tls, ending };
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(bounds.connections));
    tokio::pin!(end);
    loop {
        let (place, stream) = tokio::select! {
            () = &mut end => break,
            accepted = accept(&listener, &room) => match accepted {
                Some(accepted) => accepted,
                // Too many files are open, or the caller has gone: neither ends the service.
                None => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        tokio::spawn(host.clone().receive(place, stream, graceful.watcher()));
    }
    host.ending.store(true, Ordering::Relaxed);
    // Who has connected by now may have asked already.
    for _ in 0..BACKLOG {
        let Ok(Some((place, stream))) =
            tokio::time::timeout(SETTLED, accept(&listener, &room)).await
        else {
            break;
        };
        tokio::spawn(host.clone().receive(place, stream, graceful.watcher()));
    }
    drop(listener);
    let until = Instant::now() + bounds.linger;
    while graceful.count() > 0 && Instant::now() < until {
        tokio::time::sleep(GLANCE).await;
    }
    let _ = tokio::time::timeout(bounds.farewell, graceful.shutdown()).await;
}

impl Host {
    /// Serves a connection to its end.
    async fn receive(self, place: OwnedSemaphorePermit, stream: TcpStream, watcher: Watcher) {
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_read_timeout(Some(self.bounds.silence.max(self.bounds.headers)));
        stream.set_write_timeout(Some(self.bounds.silence));
        let stream = Box::pin(stream);
        match self.tls.clone() {
            None => self.answer(stream, watcher).await,
            Some(tls) => {
                let shaken = tokio::time::timeout(self.bounds.headers, tls.accept(stream)).await;
                if let Ok(Ok(stream)) = shaken {
                    self.answer(stream, watcher).await;
                }
            }
        }
        drop(place);
    }

    /// Answers what is asked on a stream.
    async fn answer<S>(self, stream: S, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Host { http, router, ending, .. } = self;
        let service = TowerToHyperService::new(router);
        let service = service_fn(move |request| {
            let (answer, ending) = (service.call(request), Arc::clone(&ending));
            async move {
                let mut answer = answer.await?;
                if ending.load(Ordering::Relaxed) {
                    let last = HeaderValue::from_static("close");
                    answer.headers_mut().insert(header::CONNECTION, last);
                }
                Ok::<_, Infallible>(answer)
            }
        });
        // A connection that fails fails its client, who knows.
        let _ = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await;
    }
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(OwnedSemaphorePermit, TcpStream)> {
    let place = Arc::clone(room).acquire_owned().await.ok()?;
    let (stream, _) = listener.accept().await.ok()?;
    Some((place, stream))
}
