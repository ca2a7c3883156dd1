//! A connection as a client has it who is slow, rude or cut off.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::service::Service;

/// Longer than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(90);

pub struct Socket(BufReader<TcpStream>);

/// An answer as it came.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Heard {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Socket {
    pub fn open(service: &Service) -> Socket {
        Socket::connect(service.base.strip_prefix("http://").unwrap()).unwrap()
    }

    pub fn connect(address: &str) -> Result<Socket> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Socket(BufReader::new(stream)))
    }

    pub fn stream(&self) -> &TcpStream {
        self.0.get_ref()
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> Result<()> {
        self.0.get_mut().write_all(bytes.as_ref())
    }

    /// Says that nothing more comes.
    pub fn end(&mut self) {
        self.stream().shutdown(Shutdown::Write).unwrap();
    }

    /// The next answer; none where the connection was closed before its first byte.
    pub fn answer(&mut self) -> Result<Option<Heard>> {
        if self.0.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head)? == 0 {
                return Err(Error::new(ErrorKind::UnexpectedEof, head));
            }
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut heard = Heard { status, head, body: Vec::new() };
        if heard.header("transfer-encoding") == Some("chunked") {
            while let Some(chunk) = self.chunk()? {
                heard.body.extend(chunk);
            }
        } else if let Some(length) = heard.header("content-length") {
            heard.body = vec![0; length.parse().unwrap()];
            self.0.read_exact(&mut heard.body)?;
        }
        Ok(Some(heard))
    }

    /// The head of an answer that goes on.
    pub fn head(&mut self) -> Result<String> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && self.0.read_line(&mut head)? > 0 {}
        Ok(head)
    }

    /// A piece of an answer in chunks; none after the last.
    pub fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        let size = usize::from_str_radix(line.trim_end(), 16)
            .map_err(|_| Error::new(ErrorKind::UnexpectedEof, "the answer was cut"))?;
        let mut chunk = vec![0; size + 2];
        self.0.read_exact(&mut chunk)?;
        chunk.truncate(size);
        Ok((size > 0).then_some(chunk))
    }
}

/// A request for an analysis, which is answered with this token.
pub fn analysis(token: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"comment":{{"text":"Quel abruti, ce maire !"}},"requestedAttributes":{{"TOXICITY":{{}}}},"clientToken":"{token}"}}"#
    );
    post("/v1alpha1/comments:analyze", &body)
}

/// A request with a body in one piece.
pub fn post(path: &str, body: &str) -> Vec<u8> {
    format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into()
}

/// What is measured of a running service, in bytes: memory that it holds.
pub fn resident(service: &Service) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// How many files it has open, connections among them.
pub fn files(service: &Service) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", service.child.id())).unwrap().count()
}
