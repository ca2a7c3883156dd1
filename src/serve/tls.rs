//! Shakes hands in TLS, for clients that speak nothing else.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use crate::error::{Error, Result};

/// A certificate with its key. Clones share it, also when it is replaced.
#[derive(Clone)]
pub struct Tls(Arc<ArcSwap<ServerConfig>>);

impl Tls {
    /// Reads a chain of certificates, the server's own first, and its private key; both in PEM.
    ///
    /// # Errors
    /// When a file cannot be read, or holds no such thing, or they do not belong together.
    pub fn read(certificate: &Path, key: &Path) -> Result<Tls> {
        Ok(Tls(Arc::new(ArcSwap::from_pointee(config(certificate, key)?))))
    }

    /// Reads them again, for connections from now on: certificates end after some weeks.
    ///
    /// # Errors
    /// As [`Tls::read`]; the ones before stay.
    pub fn reread(&self, certificate: &Path, key: &Path) -> Result<()> {
        self.0.store(Arc::new(config(certificate, key)?));
        Ok(())
    }

    pub(super) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
    ) -> std::io::Result<TlsStream<S>> {
        TlsAcceptor::from(self.0.load_full()).accept(stream).await
    }
}

fn config(certificate: &Path, key: &Path) -> Result<ServerConfig> {
    let pem = |path: &Path| fs::read(path).map_err(|error| Error::from(error).at_path(path));
    let chain: std::result::Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(&pem(certificate)?).collect();
    let chain = match chain {
        Ok(chain) if !chain.is_empty() => chain,
        _ => return Err(Error::input("expected certificates in PEM").at_path(certificate)),
    };
    let secret = PrivateKeyDer::from_pem_slice(&pem(key)?)
        .map_err(|_| Error::input("expected a private key in PEM").at_path(key))?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, secret))
        .map_err(|error| Error::input(error.to_string()).at_path(certificate))?;
    Ok(config)
}
