//! Nothing leaves the machine: the program works in a network of its own, of which nothing leads out, and tries no connection.

use std::process::{Command, Stdio};

use super::clients::there;
use super::service::{Service, wait_until};
use crate::desk::Desk;
use crate::workdir::Workdir;

const COMMENTS: &str = "labelled/holdout.csv";

/// A command that runs what is added to it in a network of its own, beside `vigie SERVICE`; none where that is not allowed.
pub fn alone(service: &str, hosts: &str) -> Option<Command> {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--net", "--mount", "--pid", "--fork"]);
    command.args([
        "--kill-child",
        "sh",
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/alone.sh"),
    ]);
    command.env("VIGIE", env!("CARGO_BIN_EXE_vigie")).env("SERVICE", service).env("HOSTS", hosts);
    let mut tried = Command::new("unshare");
    tried.args(["--user", "--map-root-user", "--net", "--mount", "ip", "link", "set", "lo", "up"]);
    let tried = tried.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !tried.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no network of one's own is allowed here (unshare, ip)");
        return None;
    }
    Some(command)
}

#[test]
fn triage_needs_no_network() {
    let workdir = Workdir::with(&[COMMENTS]);
    let Some(mut alone) = alone("", "") else { return };
    let queue = ["triage", "holdout.csv", "--format", "csv", "-o", "-"];
    let ran = workdir.run(alone.arg(env!("CARGO_BIN_EXE_vigie")).args(queue), b"").done();
    assert_eq!(ran.stdout, workdir.vigie(&queue).done().stdout);
    assert!(ran.csv().rows.len() > 1);
}

#[test]
fn serve_and_review_need_no_network_but_their_own() {
    if !there("curl") {
        return;
    }
    let workdir = Workdir::with(&[COMMENTS]);
    let body = r#"{"comment":{"text":"Pauvre type !"},"requestedAttributes":{"INSULT":{}}}"#;
    let asked = [
        (
            "serve --listen 127.0.0.1:0",
            format!("curl -sSf --data '{body}' $BASE/v1alpha1/comments:analyze"),
            "summaryScore",
        ),
        (
            "review holdout.csv --no-open --listen 127.0.0.1:0",
            "curl -sSfL -c jar -b jar $BASE/".into(),
            "article",
        ),
    ];
    for (service, command, words) in asked {
        let Some(mut alone) = alone(service, "") else { return };
        let ran = workdir.run(alone.args(["sh", "-c", &command]), b"").done();
        assert!(ran.text().contains(words), "{service}: {}", ran.text());
    }
}

/// The program under strace, which notes where it connects to and sends to; none where there is no strace, or it may not.
fn traced(workdir: &Workdir, arguments: &[&str]) -> Option<Command> {
    let tried = Command::new("strace").arg("true").stderr(Stdio::null()).status();
    if !tried.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no strace");
        return None;
    }
    let mut command = Command::new("strace");
    // -D: the program is the child, and strace beside it, so that what ends the child ends both.
    command.args(["-D", "-f", "-o", "trace"]);
    command.args(["-e", "trace=socket,connect,sendto,sendmsg,sendmmsg"]);
    command.arg(env!("CARGO_BIN_EXE_vigie")).args(arguments);
    command.current_dir(workdir.path("")).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    Some(command)
}

/// Asserts that a program that has ended named no address of the internet but to listen there.
fn kept_to_itself(workdir: &Workdir, pid: u32) {
    // `1234  +++ exited with 0 +++`: how many blanks follow depends on the number.
    let ended = |line: &str| {
        line.strip_prefix(&pid.to_string()).is_some_and(|rest| rest.trim_start().starts_with("+++"))
    };
    let trace = || std::fs::read_to_string(workdir.path("trace")).unwrap_or_default();
    wait_until(|| trace().lines().any(ended), trace);
    let trace = trace();
    let outward = |line: &&str| line.contains("sa_family=AF_INET");
    assert_eq!(trace.lines().find(outward), None);
}

#[test]
fn nothing_connects() {
    let workdir = Workdir::with(&[COMMENTS]);
    let queue = ["triage", "holdout.csv", "--format", "csv", "-o", "queue.csv"];
    let Some(mut command) = traced(&workdir, &queue) else { return };
    let mut child = command.spawn().unwrap();
    assert!(child.wait().unwrap().success());
    kept_to_itself(&workdir, child.id());
    assert!(workdir.names().contains(&"queue.csv".to_string()));

    let workdir = Workdir::with(&[COMMENTS]);
    let served = ["serve", "--listen", "127.0.0.1:0", "--feedback", "labels.jsonl"];
    let service = Service::of(traced(&workdir, &served).unwrap().spawn().unwrap());
    let body = serde_json::json!({
        "comment": { "text": "Pauvre type !" },
        "requestedAttributes": { "TOXICITY": {} },
        "attributeScores": { "TOXICITY": { "summaryScore": { "value": 1 } } },
    });
    for path in ["/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore"] {
        assert_eq!(service.ask(path, &body).status, 200);
    }
    let trace = workdir.read("trace");
    assert!(trace.contains("socket(AF_INET, SOCK_STREAM"), "it is seen what it does: {trace}");
    let pid = service.child.id();
    drop(service);
    kept_to_itself(&workdir, pid);

    let workdir = Workdir::with(&[COMMENTS]);
    let review = ["review", "holdout.csv", "--no-open", "--listen", "127.0.0.1:0"];
    let desk = Desk::of(traced(&workdir, &review).unwrap().spawn().unwrap());
    assert_eq!(desk.get("/").status, 200);
    let pid = desk.child.id();
    drop(desk);
    kept_to_itself(&workdir, pid);
}
