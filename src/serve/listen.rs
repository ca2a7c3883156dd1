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

use crate::error::{Error, Result};

/// Connections served at once.
const CONNECTIONS: usize = 256;
/// How long a request may take to say what it wants.
const HEADERS: Duration = Duration::from_secs(10);
/// The most headers, and the most bytes of them.
const HEADER_COUNT: usize = 64;
const HEADER_BYTES: usize = 32 * 1024;
/// How long answers on their way are waited for at the end.
const FAREWELL: Duration = Duration::from_secs(3);
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
pub(super) async fn serve(listener: TcpListener, router: Router, end: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_headers(HEADER_COUNT)
        .max_buf_size(HEADER_BYTES);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(end);
    loop {
        let (place, stream) = tokio::select! {
            () = &mut end => break,
            accepted = accept(&listener, &room) => match accepted {
                Some(accepted) => accepted,
                // Too many files are open, or the caller has gone: neither ends the desk.
                None => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that fails fails its client, who knows.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
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
