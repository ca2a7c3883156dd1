//! The description that the service gives of itself (`/openapi.json`), held to what it does by Schemathesis.

use std::process::Command;

use super::clients::{installed, script};
use super::service::Service;
use crate::workdir::Workdir;

const SECRET: &str = "le-secret-de-coral";

/// Requests that the description allows, and others that it forbids, drawn by a fixed seed: none makes the service fail, and all
/// are answered as the description says.
#[test]
fn every_answer_is_described() {
    let Some(schemathesis) = installed("schemathesis/bin/st") else { return };
    let workdir = Workdir::new();
    workdir.write("secrets", SECRET);
    let options = ["--coral-secrets", "secrets", "--feedback", "labels.jsonl"];
    let service = Service::with(&workdir, &options);
    let mut command = Command::new(schemathesis);
    command
        .arg("run")
        .arg(format!("{}/openapi.json", service.base))
        .args(["--checks", "all", "--max-examples", "50", "--seed", "1"])
        .args(["--generation-database", "none", "--no-color"])
        .env("PYTHONPATH", script(""))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "coral_signature")
        .env("CORAL_SECRET", SECRET);
    let ran = workdir.run(&mut command, b"");
    assert_eq!(ran.status, 0, "{}{}", ran.text(), ran.stderr);
    assert!(ran.text().contains("8 selected / 8 total"), "{}", ran.text());
    // It got past the signature: flags were given, or nothing was said.
    let metrics = service.get("/metrics").text;
    let coral = |line: &&str| line.contains("/coral") && line.contains("\"204\"");
    assert!(metrics.lines().any(|line| coral(&line)), "{metrics}");
}
