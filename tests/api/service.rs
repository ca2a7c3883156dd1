//! A service that is up, and what it is asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::Agent;

use crate::desk::{Page, read};
use crate::workdir::{Workdir, program};

/// A service that answers until the test ends.
pub struct Service {
    pub child: Child,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    agent: Agent,
    said: Arc<Mutex<String>>,
}

impl Service {
    /// `vigie serve` with these arguments, in this folder, on a free port.
    pub fn with(workdir: &Workdir, arguments: &[&str]) -> Service {
        let mut command = program();
        command.arg("serve").args(arguments);
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.current_dir(workdir.path("")).stdout(Stdio::piped()).stderr(Stdio::piped());
        Service::of(command.spawn().unwrap())
    }

    pub fn of(mut child: Child) -> Service {
        let said = Arc::new(Mutex::new(String::new()));
        let (heard, errors) = (Arc::clone(&said), child.stderr.take().unwrap());
        let listener = thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                let mut heard = heard.lock().unwrap();
                heard.push_str(&line);
                heard.push('\n');
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            listener.join().unwrap();
            panic!("the service is not up: {}", said.lock().unwrap());
        }
        let config = Agent::config_builder().http_status_as_error(false);
        let base = line.trim().trim_end_matches('/').to_string();
        Service { child, base, agent: config.build().into(), said }
    }

    /// What it has said on standard error.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until it has said this.
    pub fn wait_for(&self, words: &str) {
        wait_until(
            || self.said().contains(words),
            || format!("never said {words:?}: {}", self.said()),
        );
    }

    pub fn get(&self, path: &str) -> Page {
        read(self.agent.get(format!("{}{path}", self.base)).call().unwrap())
    }

    /// Posts a body as it is, with these headers.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Page {
        let mut asked = self.agent.post(format!("{}{path}", self.base));
        for (name, value) in headers {
            asked = asked.header(*name, *value);
        }
        read(asked.send(body).unwrap())
    }

    /// Posts JSON.
    pub fn ask(&self, path: &str, body: &Value) -> Page {
        self.post(path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// Sends these bytes, says that no more come, and reads what is answered.
    pub fn raw(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.base.strip_prefix("http://").unwrap()).unwrap();
        let _ = stream.write_all(request);
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), &pid]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something is so, half a minute at the most.
pub fn wait_until(mut so: impl FnMut() -> bool, otherwise: impl FnOnce() -> String) {
    let until = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < until, "{}", otherwise());
        thread::sleep(Duration::from_millis(20));
    }
}
