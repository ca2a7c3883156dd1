//! Notes who asked for what, and what they were answered: never a word of a comment, never a key.

use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::super::moment;

/// Lines that wait to be written; when there are more, some are left out rather than a client kept waiting.
const WAITING: usize = 1 << 16;

/// One answer.
#[derive(Serialize)]
pub(super) struct Line {
    /// When, in UTC.
    pub time: String,
    pub method: String,
    /// What was asked for, without what follows the question mark: keys stand there.
    pub path: String,
    pub status: u16,
    /// Milliseconds until the answer began.
    pub ms: f64,
    /// Who asked, by the name in the list of keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A log that is written by itself.
pub(super) struct Access(SyncSender<Line>);

impl Access {
    /// A log to `out`, flushed whenever nothing waits.
    pub(super) fn new(out: Box<dyn Write + Send>) -> Access {
        let (sender, lines) = sync_channel(WAITING);
        thread::spawn(move || write(&lines, out));
        Access(sender)
    }

    pub(super) fn note(
        &self,
        method: String,
        path: String,
        status: u16,
        took: Duration,
        name: Option<String>,
    ) {
        let ms = (took.as_secs_f64() * 1e6).round() / 1e3;
        let line = Line { time: moment::utc_now(), method, path, status, ms, name };
        let _ = self.0.try_send(line);
    }
}

fn write(lines: &Receiver<Line>, out: Box<dyn Write + Send>) {
    let mut out = std::io::BufWriter::new(out);
    while let Ok(first) = lines.recv() {
        for line in std::iter::once(first).chain(lines.try_iter()) {
            // A log that cannot be written must not end the service.
            let _ = serde_json::to_writer(&mut out, &line);
            let _ = out.write_all(b"\n");
        }
        let _ = out.flush();
    }
}
