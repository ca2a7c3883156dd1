//! Files that change while the service runs: the model, the keys, Coral's secrets; and a feedback file on a full disk.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::service::{Service, wait_until};
use super::socket::{Socket, post};
use crate::faults::disk::Disk;
use crate::workdir::{Workdir, program};

fn model(service: &Service) -> String {
    service.get("/healthz").json()["model"].as_str().unwrap().to_string()
}

/// A number of `/metrics`; 0 where it is not there yet.
fn count(service: &Service, name: &str) -> u64 {
    let text = service.get("/metrics").text;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0, |number| number.parse().unwrap())
}

const FAILED: &str = "vigie_reloads_total{result=\"failed\"}";

/// Changes a file so that it cannot be read: that is said and counted, and what was read before stays.
fn spoil(service: &Service, name: &str, change: impl FnOnce()) {
    let (failed, said) = (count(service, FAILED), service.said().len());
    change();
    wait_until(|| count(service, FAILED) > failed, || format!("{name}: nothing failed"));
    wait_until(
        || {
            let said = &service.said()[said..];
            said.contains(name) && said.contains("what was read before stays")
        },
        || format!("{name}: {}", service.said()),
    );
}

#[test]
fn a_model_is_replaced_without_losing_a_request() {
    let workdir = Workdir::with(&["labelled/train.csv", "labelled/holdout.csv"]);
    workdir.vigie(&["train", "train.csv", "-o", "a.vigie"]).done();
    workdir.vigie(&["train", "train.csv", "holdout.csv", "-o", "b.vigie"]).done();
    let [a, b] = ["a.vigie", "b.vigie"].map(|name| fs::read(workdir.path(name)).unwrap());
    let live = workdir.path("model.vigie");
    fs::write(&live, &a).unwrap();
    let service = Service::with(&workdir, &["--model", "model.vigie"]);
    let first = model(&service);
    let moved = |bytes: &[u8]| {
        workdir.write("next", bytes);
        fs::rename(workdir.path("next"), &live).unwrap();
    };
    let becomes = |wanted: &str| {
        wait_until(|| model(&service) == wanted, || format!("not {wanted}: {}", service.said()));
    };
    let ended = AtomicBool::new(false);
    let (answered, seen, second) = thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let (mut socket, mut seen, mut answered) =
                        (Socket::open(&service), BTreeSet::new(), 0);
                    while !ended.load(Ordering::Relaxed) {
                        socket.send(post("/v1/score", r#"{"text":"Quel abruti !"}"#)).unwrap();
                        let heard = socket.answer().unwrap().unwrap();
                        assert_eq!(heard.status, 200);
                        let told: Value = serde_json::from_slice(&heard.body).unwrap();
                        seen.insert(told["model"].as_str().unwrap().to_string());
                        answered += 1;
                    }
                    (answered, seen)
                })
            })
            .collect();
        // Whatever fails here must not leave the clients asking for ever.
        let changes = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            spoil(&service, "model.vigie", || moved(b"no model"));
            assert_eq!(model(&service), first);
            spoil(&service, "model.vigie", || moved(&b[..b.len() / 2]));
            spoil(&service, "model.vigie", || fs::write(&live, &b[..b.len() - 1]).unwrap());
            spoil(&service, "model.vigie", || fs::remove_file(&live).unwrap());
            assert_eq!(model(&service), first);
            // Written in place, in pieces.
            fs::write(&live, &b[..b.len() / 3]).unwrap();
            thread::sleep(Duration::from_millis(50));
            fs::write(&live, &b).unwrap();
            wait_until(|| model(&service) != first, || service.said());
            let second = model(&service);
            moved(&a);
            becomes(&first);
            spoil(&service, "model.vigie", || {
                moved(b"");
                service.signal("HUP");
            });
            assert_eq!(model(&service), first);
            moved(&b);
            service.signal("HUP");
            becomes(&second);
            // The same file again, only because somebody asks.
            let done = count(&service, "vigie_reloads_total{result=\"done\"}");
            service.signal("HUP");
            wait_until(
                || count(&service, "vigie_reloads_total{result=\"done\"}") > done,
                || service.said(),
            );
            second
        }));
        ended.store(true, Ordering::Relaxed);
        let clients = clients.into_iter().map(|client| client.join().unwrap());
        let (answered, seen): (Vec<u64>, Vec<BTreeSet<String>>) = clients.unzip();
        let second = changes.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (answered.iter().sum::<u64>(), seen.into_iter().flatten().collect::<BTreeSet<_>>(), second)
    });
    eprintln!("{answered} requests through nine changes");
    assert_eq!(seen, BTreeSet::from([first, second]));
}

#[test]
fn keys_are_replaced_while_it_runs() {
    let workdir = Workdir::new();
    let [old, new] = ["0123456789abcdef", "fedcba9876543210"];
    workdir.write("keys.txt", format!("quai {old}\n"));
    let service = Service::with(&workdir, &["--keys-file", "keys.txt"]);
    let asked =
        json!({ "comment": { "text": "Merci !" }, "requestedAttributes": { "TOXICITY": {} } });
    let ask =
        |key: &str| service.ask(&format!("/v1alpha1/comments:analyze?key={key}"), &asked).status;
    assert_eq!((ask(old), ask(new)), (200, 400));
    spoil(&service, "keys.txt", || workdir.write("keys.txt", "quai court\n"));
    assert_eq!((ask(old), ask(new)), (200, 400));
    // Both while clients change over, then the new one alone.
    workdir.write("keys.txt", format!("quai {old}\nquai {new}\n"));
    wait_until(|| ask(new) == 200, || service.said());
    assert_eq!(ask(old), 200);
    workdir.write("keys.txt", format!("quai {new}\n"));
    wait_until(|| ask(old) == 400, || service.said());
    assert_eq!(ask(new), 200);
    assert!(![old, new].iter().any(|key| service.said().contains(key)), "{}", service.said());
}

#[test]
fn secrets_of_coral_are_replaced_while_it_runs() {
    let workdir = Workdir::new();
    let [old, new] = ["0123456789abcdef", "fedcba9876543210"];
    workdir.write("secrets.txt", old);
    let service = Service::with(&workdir, &["--coral-secrets", "secrets.txt"]);
    let body = json!({ "comment": { "body": "<p>Merci !</p>" } }).to_string();
    let ask = |secret: &str| {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(&body);
        let hex: String =
            mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let signature = format!("sha256={hex}");
        service.post("/coral", &[("x-coral-signature", &signature)], body.as_bytes()).status
    };
    assert_eq!((ask(old), ask(new)), (204, 401));
    spoil(&service, "secrets.txt", || workdir.write("secrets.txt", "court"));
    spoil(&service, "secrets.txt", || fs::remove_file(workdir.path("secrets.txt")).unwrap());
    assert_eq!((ask(old), ask(new)), (204, 401));
    workdir.write("secrets.txt", new);
    wait_until(|| ask(new) == 204, || service.said());
    assert_eq!(ask(old), 401);
}

fn suggest(service: &Service, text: &str) {
    let asked = json!({
        "comment": { "text": text },
        "attributeScores": { "TOXICITY": { "summaryScore": { "value": 1.0 } } },
        "clientToken": "jeton",
    });
    let answer = service.ask("/v1alpha1/comments:suggestscore", &asked);
    assert_eq!((answer.status, &answer.json()["clientToken"]), (200, &json!("jeton")));
}

const LOST: &str = "vigie_suggestions_total{result=\"failed\"}";
const KEPT: &str = "vigie_suggestions_total{result=\"done\"}";

#[test]
fn a_device_that_is_full_is_told() {
    let service = Service::with(&Workdir::new(), &["--feedback", "/dev/full"]);
    suggest(&service, "Merci !");
    service.wait_for("a suggestion could not be kept");
    assert!(service.said().contains("/dev/full"), "{}", service.said());
    assert!(!service.said().contains("Merci"), "{}", service.said());
    assert_eq!((count(&service, LOST), count(&service, KEPT)), (1, 0));
}

#[test]
fn a_full_disk_leaves_whole_lines_and_answers_still() {
    let workdir = Workdir::new();
    let Some(disk) = Disk::new(&workdir, "256k") else { return };
    let serve = ["serve", "--feedback", "labels.jsonl", "--listen", "127.0.0.1:0"];
    let path = program().get_program().to_str().unwrap().to_string();
    let service = Service::of(disk.command(&path, &serve).spawn().unwrap());
    let long = "Quel abruti, ce maire ! ".repeat(500);
    let whole = || {
        let text = fs::read_to_string(disk.path("labels.jsonl")).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'), "half a line stays");
        text.lines().for_each(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            assert_eq!((&row["toxicity"], &row["id"]), (&json!(1), &json!("jeton")));
        });
        text.lines().count() as u64
    };
    suggest(&service, &long);
    assert_eq!((whole(), count(&service, LOST)), (1, 0));
    disk.fill();
    for _ in 0..5 {
        suggest(&service, &long);
    }
    assert!(count(&service, LOST) > 0);
    assert_eq!(whole(), count(&service, KEPT));
    service.wait_for("a suggestion could not be kept");
    assert!(service.said().contains("labels.jsonl"), "{}", service.said());
    // Scores need no disk, and once there is room, suggestions are kept again.
    assert_eq!(service.ask("/v1/score", &json!({ "text": "Merci !" })).status, 200);
    let kept = count(&service, KEPT);
    fs::remove_file(disk.path("ballast")).unwrap();
    suggest(&service, &long);
    assert_eq!((whole(), count(&service, KEPT)), (kept + 1, kept + 1));
}

#[test]
fn a_last_line_that_nobody_ended_spoils_none_after_it() {
    let workdir = Workdir::new();
    workdir.write("labels.jsonl", "{\"id\":\"1\",\"text\":\"Un\",\"tox");
    let service = Service::with(&workdir, &["--feedback", "labels.jsonl"]);
    suggest(&service, "Deux");
    let text = workdir.read("labels.jsonl");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, "{\"id\":\"1\",\"text\":\"Un\",\"tox"));
    assert_eq!(serde_json::from_str::<Value>(lines[1]).unwrap()["text"], json!("Deux"));
}
