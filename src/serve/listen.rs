//! Listens: accepts connections, bounds how many there are and how long each may take, and ends when it is told to.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
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
    /// How long answers on their way are waited for at the end.
    pub farewell: Duration,
}

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
    pub(super) async fn bind(self) -> Result<TcpListener> {
        let (first, ports) = match self {
            Listen::At(address) => (address, 1),
            Listen::From(port) => (SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port), PORTS),
        };
        let mut last = None;
        for port in (first.port()..).take(usize::from(ports)) {
            let address = SocketAddr::new(first.ip(), port);
            match TcpListener::bind(address).await {
                Ok(listener) => return Ok(listener),
                Err(error) => last = Some(Error::from(error).at_path(address.to_string())),
            }
        }
        Err(last.unwrap_or_else(|| Error::input("no port to listen on")))
    }
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
        // Who has said all may close their end, and waits for the answer.
        .half_close(true);
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
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_read_timeout(Some(bounds.silence.max(bounds.headers)));
        stream.set_write_timeout(Some(bounds.silence));
        let (http, router, watcher) = (http.clone(), router.clone(), graceful.watcher());
        let tls = tls.clone();
        tokio::spawn(async move {
            let stream = Box::pin(stream);
            // A connection that fails fails its client, who knows.
            match tls {
                None => {
                    let service = TowerToHyperService::new(router);
                    let connection = http.serve_connection(TokioIo::new(stream), service);
                    let _ = watcher.watch(connection).await;
                }
                Some(tls) => {
                    let shaken = tokio::time::timeout(bounds.headers, tls.accept(stream)).await;
                    if let Ok(Ok(stream)) = shaken {
                        let service = TowerToHyperService::new(router);
                        let connection = http.serve_connection(TokioIo::new(stream), service);
                        let _ = watcher.watch(connection).await;
                    }
                }
            }
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(bounds.farewell, graceful.shutdown()).await;
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
