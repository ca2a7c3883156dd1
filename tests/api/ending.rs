//! `kill -TERM` under load: what was asked is answered, and the program ends as it should.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::service::{Service, wait_until};
use super::socket::{Socket, analysis};
use crate::workdir::Workdir;

/// What one client saw.
#[derive(Default)]
struct Seen {
    answered: usize,
    /// Requests on connections that were answered shortly before, and then closed without a byte.
    lost: usize,
    /// Requests on connections that were never answered: they had not been accepted.
    refused: usize,
}

/// Asks until nobody is there any more.
fn client(address: &str, name: usize, told: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    while let Ok(mut socket) = Socket::connect(address) {
        let mut last = None;
        loop {
            let token = format!("{name}-{}", seen.answered);
            let began = Instant::now();
            let sent = socket.send(analysis(&token));
            // An answer that begins also ends.
            let heard = match sent.and_then(|()| socket.answer()) {
                Ok(heard) => heard,
                Err(error) => {
                    let partial = error.kind() == std::io::ErrorKind::UnexpectedEof;
                    assert!(!partial, "half an answer: {error}");
                    None
                }
            };
            let Some(heard) = heard else {
                assert!(told.load(Ordering::SeqCst), "closed before anybody ended it");
                match last {
                    None => seen.refused += 1,
                    // A client that rested longer than it is waited for must ask again.
                    Some(last) if began.duration_since(last) < Duration::from_millis(300) => {
                        seen.lost += 1;
                    }
                    Some(_) => {}
                }
                break;
            };
            assert_eq!(heard.status, 200);
            let body: Value = serde_json::from_slice(&heard.body).unwrap();
            assert_eq!(body["clientToken"], json!(token));
            seen.answered += 1;
            last = Some(Instant::now());
            if heard.header("connection") == Some("close") {
                assert!(told.load(Ordering::SeqCst), "closed before anybody ended it");
                break;
            }
        }
    }
    seen
}

#[test]
fn kill_term_under_load_loses_no_request() {
    for _ in 0..3 {
        let mut service = Service::with(&Workdir::new(), &[]);
        let address = service.base.strip_prefix("http://").unwrap().to_string();
        let told = AtomicBool::new(false);
        let seen: Vec<Seen> = thread::scope(|scope| {
            let (address, told) = (&address, &told);
            let clients: Vec<_> =
                (0..8).map(|name| scope.spawn(move || client(address, name, told))).collect();
            thread::sleep(Duration::from_millis(500));
            told.store(true, Ordering::SeqCst);
            service.signal("TERM");
            clients.into_iter().map(|client| client.join().unwrap()).collect()
        });
        let sum = |of: fn(&Seen) -> usize| seen.iter().map(of).sum::<usize>();
        let (answered, lost) = (sum(|seen| seen.answered), sum(|seen| seen.lost));
        eprintln!("{answered} answered, {lost} lost, {} refused", sum(|seen| seen.refused));
        assert!(answered > 8);
        assert_eq!(lost, 0);
        let mut code = None;
        wait_until(
            || {
                code = service.child.try_wait().unwrap();
                code.is_some()
            },
            || "it does not end".into(),
        );
        assert_eq!(code.unwrap().code(), Some(0));
    }
}

#[test]
fn answers_on_their_way_arrive() {
    let mut service = Service::with(&Workdir::new(), &[]);
    // A body that is still being sent, and a stream that goes on.
    let request = analysis("lent");
    let (first, rest) = request.split_at(request.len() - 10);
    let mut slow = Socket::open(&service);
    slow.send(first).unwrap();
    let mut stream = Socket::open(&service);
    let line = "{\"text\":\"Merci !\"}\n";
    let chunk = format!("{:x}\r\n{line}\r\n", line.len());
    let head = "POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n";
    stream.send(format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}")).unwrap();
    assert!(stream.head().unwrap().starts_with("HTTP/1.1 200 OK"));
    stream.chunk().unwrap().unwrap();
    service.signal("TERM");
    let address = service.base.strip_prefix("http://").unwrap().to_string();
    wait_until(|| Socket::connect(&address).is_err(), || "others are still let in".into());
    thread::sleep(Duration::from_secs(2));
    slow.send(rest).unwrap();
    let heard = slow.answer().unwrap().unwrap();
    assert!(heard.status == 200 && heard.text().contains("lent"));
    stream.send(format!("{chunk}0\r\n\r\n")).unwrap();
    assert!(String::from_utf8(stream.chunk().unwrap().unwrap()).unwrap().contains("scores"));
    assert!(stream.chunk().unwrap().is_none());
    assert_eq!(service.child.wait().unwrap().code(), Some(0));
}
