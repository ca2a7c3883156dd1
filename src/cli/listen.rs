//! Reads where to listen: an address, a port, or both.

use std::net::{IpAddr, SocketAddr};

use vigie::serve::Listen;

/// Reads ADDRESS, ADDRESS:PORT or PORT; `port` where none is said.
///
/// # Errors
/// When it is none of these.
pub fn listen(text: &str, port: u16) -> Result<Listen, String> {
    if let Ok(port) = text.parse::<u16>() {
        return Ok(Listen::At(SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port)));
    }
    let alone = || text.parse::<IpAddr>().map(|address| SocketAddr::new(address, port));
    let address = text.replace("localhost", "127.0.0.1").parse::<SocketAddr>();
    let address = address.or_else(|_| alone());
    address.map(Listen::At).map_err(|_| "expected ADDRESS, ADDRESS:PORT or PORT".into())
}

/// The address under which it can be asked for.
pub fn url(scheme: &str, address: SocketAddr) -> String {
    // Nobody can go to "any address".
    let host = match address.ip() {
        ip if ip.is_unspecified() => "localhost".to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
        ip => ip.to_string(),
    };
    format!("{scheme}://{host}:{}/", address.port())
}
