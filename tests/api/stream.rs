//! A stream of lines on `/v1/score`: order and number kept, whatever packets, lines and clients are like.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::service::Service;
use super::socket::{PATIENCE, Socket, files, resident};
use crate::workdir::Workdir;

const HEAD: &str = "POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
const TEXTS: [&str; 3] =
    ["Quel abruti, ce maire !", "Merci pour l’article.", "Wake up, they lie to us."];

fn service() -> Service {
    Service::with(&Workdir::new(), &[])
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

#[test]
fn a_hundred_thousand_lines_come_back_in_order() {
    const LINES: usize = 100_000;
    let is_wrong = |number: usize| number % 1000 == 7;
    let service = service();
    service.ask("/v1/score", &json!({ "text": "Merci !" }));
    let before = resident(&service);
    let mut socket = Socket::open(&service);
    let mut stream = socket.stream().try_clone().unwrap();
    let (mut most, mut number, mut line) = (0, 0, Vec::new());
    thread::scope(|scope| {
        scope.spawn(move || {
            stream.write_all(HEAD.as_bytes()).unwrap();
            let mut bytes = Vec::new();
            for number in 1..=LINES {
                let text = TEXTS[number % TEXTS.len()];
                match is_wrong(number) {
                    true => writeln!(bytes, "{{\"text\":").unwrap(),
                    false => writeln!(bytes, "{}", json!({ "id": number, "text": text })).unwrap(),
                }
            }
            // Cut where it comes, also within letters.
            for (at, part) in bytes.chunks(9973).enumerate() {
                stream.write_all(&chunk(part)).unwrap();
                if at % 100 == 0 {
                    thread::sleep(Duration::from_millis(5));
                }
            }
            stream.write_all(b"0\r\n\r\n").unwrap();
        });
        assert!(socket.head().unwrap().starts_with("HTTP/1.1 200 OK"));
        while let Some(chunk) = socket.chunk().unwrap() {
            for byte in chunk {
                if byte != b'\n' {
                    line.push(byte);
                    continue;
                }
                number += 1;
                let told: Value = serde_json::from_slice(&line).unwrap();
                line.clear();
                match is_wrong(number) {
                    true => assert_eq!(
                        told,
                        json!({ "line": number, "error": r#"expected {"text": "…"}"# })
                    ),
                    false => assert_eq!(
                        (&told["id"], told["scores"].is_object()),
                        (&json!(number), true)
                    ),
                }
                if number % 1000 == 0 {
                    most = most.max(resident(&service));
                }
            }
        }
    });
    assert_eq!((number, line.len()), (LINES, 0));
    eprintln!("{LINES} lines: {:.1} MB more at the most", most.saturating_sub(before) as f64 / 1e6);
    assert!(most < before + 50_000_000, "{before} before, {most} at the most");
}

#[test]
fn a_stream_that_breaks_off_is_answered_so_far_and_breaks_off() {
    let service = service();
    let mut socket = Socket::open(&service);
    socket.send(HEAD).unwrap();
    socket
        .send(chunk(b"{\"id\":1,\"text\":\"Un\"}\n{\"id\":2,\"text\":\"Deux\"}\n{\"id\":3,\"te"))
        .unwrap();
    socket.head().unwrap();
    let told = String::from_utf8(socket.chunk().unwrap().unwrap()).unwrap();
    let told: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&json!(1), &json!(2)]);
    socket.end();
    assert!(socket.chunk().is_err(), "an answer that is not whole does not look so");
}

#[test]
fn who_asks_all_and_then_closes_their_side_gets_all() {
    let service = service();
    let mut socket = Socket::open(&service);
    let lines: String =
        (1..=3000).map(|id| format!("{}\n", json!({ "id": id, "text": TEXTS[id % 3] }))).collect();
    socket.send(HEAD).unwrap();
    socket.send(chunk(lines.as_bytes())).unwrap();
    socket.send("0\r\n\r\n").unwrap();
    socket.end();
    let heard = socket.answer().unwrap().unwrap();
    assert_eq!((heard.status, heard.text().lines().count()), (200, 3000));
}

#[test]
fn who_stops_reading_holds_nobody_up() {
    let service = service();
    let ask = || {
        let asked: Vec<_> = (0..100).map(|at| json!({ "text": TEXTS[at % 3] })).collect();
        assert_eq!(service.ask("/v1/score", &json!({ "comments": asked })).status, 200);
    };
    ask();
    let (before, opened) = (resident(&service), files(&service));
    let lines: String =
        (0..500).map(|id| format!("{}\n", json!({ "id": id, "text": TEXTS[id % 3] }))).collect();
    let part = chunk(lines.as_bytes());
    let head = HEAD.replace("/v1/score", "/v1/score?include=contributions,reasons");
    // More than there are turns.
    let deaf: Vec<Socket> = (0..20)
        .map(|_| {
            let mut socket = Socket::open(&service);
            socket.send(&head).unwrap();
            socket.stream().set_write_timeout(Some(Duration::from_millis(300))).unwrap();
            for _ in 0..200 {
                if socket.send(&part).is_err() {
                    break;
                }
            }
            socket
        })
        .collect();
    let until = Instant::now() + PATIENCE;
    let mut most = 0;
    while files(&service) > opened + 5 {
        assert!(Instant::now() < until, "{} files are open", files(&service));
        ask();
        most = most.max(resident(&service));
        thread::sleep(Duration::from_millis(500));
    }
    drop(deaf);
    eprintln!(
        "20 deaf streams: {:.1} MB more at the most",
        most.saturating_sub(before) as f64 / 1e6
    );
    assert!(most < before + 300_000_000, "{before} before, {most} at the most");
}

#[test]
fn a_long_list_is_answered_as_its_parts_are() {
    let service = service();
    let comments: Vec<Value> = (0..1000)
        .map(|id| json!({ "id": id, "text": TEXTS[id % 3], "parent": "", "page": "p" }))
        .collect();
    let path = "/v1/score?include=advice,reasons,attributes";
    let whole = service.ask(path, &json!(comments)).json();
    let parts = comments.chunks(100).flat_map(|part| {
        service.ask(path, &json!(part)).json()["comments"].as_array().unwrap().clone()
    });
    assert_eq!(whole["comments"], Value::Array(parts.collect()));
}
