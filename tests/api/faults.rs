//! Clients that are slow, rude or cut off: the others are answered, and memory stays bounded.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::service::{Service, wait_until};
use super::socket::{PATIENCE, Socket, analysis, files, post, resident};
use crate::workdir::Workdir;

const MB: u64 = 1_000_000;

fn service() -> Service {
    Service::with(&Workdir::new(), &[])
}

/// Others are answered as ever.
fn answers(service: &Service) {
    let asked =
        json!({ "comment": { "text": "Merci !" }, "requestedAttributes": { "TOXICITY": {} } });
    for _ in 0..20 {
        assert_eq!(service.ask("/v1alpha1/comments:analyze", &asked).status, 200);
        assert_eq!(service.ask("/v1/score", &json!({ "text": "Merci !" })).status, 200);
    }
}

fn is_closed(mut stream: &TcpStream) -> bool {
    match stream.read(&mut [0; 4096]) {
        Ok(0) => true,
        Ok(_) => false,
        Err(error) => error.kind() != ErrorKind::WouldBlock,
    }
}

#[test]
fn ten_thousand_slow_loris_are_outlived() {
    let service = service();
    answers(&service);
    let (before, opened) = (resident(&service), files(&service));
    // Both ends are open files: ours here, the others in the service, which may have as many.
    let room = rlimit::increase_nofile_limit(16_000).unwrap().saturating_sub(500) as usize;
    let count = room.min(10_000);
    let mut slow: Vec<TcpStream> = (0..count)
        .map(|_| {
            let mut socket = Socket::open(&service);
            socket.send("POST /v1alpha1/comments:analyze HTTP/1.1\r\nHost: x\r\n").unwrap();
            let stream = socket.stream().try_clone().unwrap();
            stream.set_nonblocking(true).unwrap();
            stream
        })
        .collect();
    wait_until(
        || files(&service) >= opened + count * 9 / 10,
        || format!("{} files are open", files(&service)),
    );
    let grown = resident(&service).saturating_sub(before);
    eprintln!("{count} slow loris: {:.1} MB more", grown as f64 / 1e6);
    // Measured: 29 kB a connection in a release, 26 kB in a build for tests.
    assert!(grown < 400 * MB, "{grown}");
    let until = Instant::now() + PATIENCE;
    while !slow.is_empty() {
        assert!(Instant::now() < until, "{} are still there", slow.len());
        answers(&service);
        slow.retain_mut(|stream| !is_closed(stream) && stream.write_all(b"X-Slow: 1\r\n").is_ok());
        thread::sleep(Duration::from_millis(500));
    }
    wait_until(|| files(&service) < opened + 100, || format!("{} files", files(&service)));
    answers(&service);
}

#[test]
fn slow_bodies_are_told_and_take_no_memory() {
    let service = service();
    answers(&service);
    let before = resident(&service);
    let head =
        "POST /v1alpha1/comments:analyze HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n";
    let mut slow: Vec<Socket> = (0..200).map(|_| Socket::open(&service)).collect();
    for socket in &mut slow {
        socket.send(head).unwrap();
        // Whoever finds no room for more is not read on: they send as much as goes.
        socket.stream().set_nonblocking(true).unwrap();
        let _ = socket.send(vec![b' '; 2_900_000]);
        socket.stream().set_nonblocking(false).unwrap();
    }
    answers(&service);
    let grown = resident(&service).saturating_sub(before);
    eprintln!("200 slow bodies: {:.1} MB more", grown as f64 / 1e6);
    // 200 bodies of 2.9 MB would be 580 MB; there is room for 32 of them.
    assert!(grown < 300 * MB, "{grown}");
    for mut socket in slow {
        let heard = socket.answer().unwrap().unwrap();
        assert_eq!(heard.status, 408, "{}", heard.text());
    }
    answers(&service);
}

#[test]
fn who_does_not_read_answers_is_cut_off() {
    let service = service();
    answers(&service);
    let (before, opened) = (resident(&service), files(&service));
    let request = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000);
    let mut deaf: Vec<Socket> = (0..100).map(|_| Socket::open(&service)).collect();
    for socket in &mut deaf {
        socket.send(&request).unwrap();
    }
    answers(&service);
    let grown = resident(&service).saturating_sub(before);
    eprintln!("100 deaf clients: {:.1} MB more", grown as f64 / 1e6);
    assert!(grown < 300 * MB, "{grown}");
    let until = Instant::now() + PATIENCE;
    while files(&service) > opened + 10 {
        assert!(Instant::now() < until, "{} files are open", files(&service));
        answers(&service);
        thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn what_is_too_large_is_told_to_who_still_sends() {
    let service = service();
    let path = "POST /v1alpha1/comments:analyze HTTP/1.1\r\nHost: x\r\n";
    let blank = vec![b' '; 10 << 20];
    let told = |socket: &mut Socket| {
        let heard = socket.answer().unwrap().unwrap();
        let told: Value = serde_json::from_str(heard.text()).unwrap();
        assert_eq!((heard.status, told["error"]["code"].as_u64()), (413, Some(413)));
    };
    let mut whole = Socket::open(&service);
    whole.send(format!("{path}Content-Length: {}\r\n\r\n", blank.len())).unwrap();
    whole.send(&blank).unwrap();
    told(&mut whole);
    let mut chunked = Socket::open(&service);
    chunked.send(format!("{path}Transfer-Encoding: chunked\r\n\r\n")).unwrap();
    for part in blank.chunks(1 << 20) {
        chunked.send(format!("{:x}\r\n", part.len())).unwrap();
        chunked.send(part).unwrap();
        chunked.send("\r\n").unwrap();
    }
    chunked.send("0\r\n\r\n").unwrap();
    told(&mut chunked);
    // Who asks before they send need not send it.
    let mut polite = Socket::open(&service);
    let expect = format!("Content-Length: {}\r\nExpect: 100-continue\r\n\r\n", blank.len());
    polite.send(format!("{path}{expect}")).unwrap();
    told(&mut polite);
    answers(&service);
}

#[test]
fn too_many_attributes_are_told() {
    let service = service();
    let ask = |count: usize| {
        let names = (0..count).map(|at| (format!("TOXICITY@{at}"), json!({})));
        let names: serde_json::Map<String, Value> = names.collect();
        let text = "Oui.\n".repeat(1000);
        let asked = json!({ "comment": { "text": text }, "requestedAttributes": names, "spanAnnotations": true });
        service.ask("/v1alpha1/comments:analyze", &asked)
    };
    let answer = ask(64).json();
    let spans = &answer["attributeScores"]["TOXICITY@63"]["spanScores"];
    assert_eq!(spans.as_array().unwrap().len(), 1000);
    let refused = ask(65);
    let message = "Too many requested attributes: 65, expected 64 at the most";
    assert_eq!((refused.status, &refused.json()["error"]["message"]), (400, &json!(message)));
}

#[test]
fn rubbish_is_refused_and_nothing_breaks() {
    let service = service();
    let head = "POST /v1alpha1/comments:analyze HTTP/1.1\r\nHost: x\r\n";
    let many: String = (0..150).map(|at| format!("X-{at}: 1\r\n")).collect();
    let bad_text = b"{\"comment\":{\"text\":\"\xff\xfe\"}}";
    let bad_text =
        [format!("{head}Content-Length: {}\r\n\r\n", bad_text.len()).as_bytes(), bad_text].concat();
    let deep = "[".repeat(100_000);
    for (what, request, status) in [
        ("cut JSON", post("/v1alpha1/comments:analyze", "{\"comment\":"), 400),
        ("no JSON", post("/v1/score", "Quel abruti"), 400),
        ("deep JSON", post("/v1/score", &deep), 400),
        ("deep JSON for Perspective", post("/v1alpha1/comments:analyze", &deep), 400),
        ("another kind", post("/v1alpha1/comments:analyze", "[1, 2]"), 400),
        ("no body", post("/v1alpha1/comments:suggestscore", ""), 400),
        ("no UTF-8", bad_text, 400),
        ("broken chunks", format!("{head}Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc").into(), 400),
        ("cut chunks", format!("{head}Transfer-Encoding: chunked\r\n\r\n5\r\nabc").into(), 400),
        ("a body that ends early", format!("{head}Content-Length: 100\r\n\r\nabc").into(), 400),
        (
            "two lengths",
            format!("{head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab").into(),
            400,
        ),
        ("no length", format!("{head}Content-Length: -1\r\n\r\n").into(), 400),
        ("no request", b"\x16\x03\x01\x02\x00\x01\r\n\r\n".to_vec(), 400),
        ("long header", format!("{head}X: {}\r\n\r\n", "x".repeat(60_000)).into(), 431),
        ("long address", format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(60_000)).into(), 431),
        ("many headers", format!("{head}{many}\r\n").into(), 431),
    ] {
        let answer = service.raw(&request);
        let told = answer.split(' ').nth(1).unwrap_or_default();
        assert_eq!(told, status.to_string(), "{what}: {answer}");
        assert!(!answer.contains("abruti"), "nothing that was sent is told: {answer}");
    }
    answers(&service);
    assert_eq!(service.said().lines().count(), 1, "{}", service.said());
}

#[test]
fn every_way_of_asking_is_answered() {
    let service = service();
    // The writing side closed: the client still reads.
    let half = service.raw(&analysis("moitié"));
    assert!(half.starts_with("HTTP/1.1 200 OK") && half.contains("moitié"), "{half}");
    // One after the other without waiting, in one packet and cut anywhere.
    let tokens: Vec<String> = (0..50).map(|at| format!("jeton {at}")).collect();
    let all = tokens.iter().map(|token| analysis(token)).collect::<Vec<_>>().concat();
    for size in [all.len(), 7, 1000] {
        let mut socket = Socket::open(&service);
        thread::scope(|scope| {
            let mut stream = socket.stream().try_clone().unwrap();
            let all = &all;
            scope.spawn(move || all.chunks(size).for_each(|part| stream.write_all(part).unwrap()));
            for token in &tokens {
                let heard = socket.answer().unwrap().unwrap();
                assert_eq!(heard.status, 200);
                assert!(heard.text().contains(&format!("{token:?}")), "{}", heard.text());
            }
        });
    }
    // HTTP/1.0 closes after an answer.
    let old = String::from_utf8(analysis("vieux")).unwrap().replace("HTTP/1.1", "HTTP/1.0");
    let mut socket = Socket::open(&service);
    socket.send(old).unwrap();
    let heard = socket.answer().unwrap().unwrap();
    assert!(heard.head.starts_with("HTTP/1.0 200 OK") && heard.text().contains("vieux"));
    assert!(socket.answer().unwrap().is_none());
    // Who asks before they send is told to go on.
    let asked = String::from_utf8(analysis("poli")).unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    let mut socket = Socket::open(&service);
    socket.send(format!("{head}\r\nExpect: 100-continue\r\n\r\n")).unwrap();
    assert_eq!(socket.head().unwrap(), "HTTP/1.1 100 Continue\r\n\r\n");
    socket.send(body).unwrap();
    let heard = socket.answer().unwrap().unwrap();
    assert!(heard.status == 200 && heard.text().contains("poli"));
}
