//! TLS, for clients whose host is written into them: they are led here by name, and trust a certificate of one's own.

use std::process::Command;

use serde_json::json;

use super::alone::alone;
use super::clients::{Client, lines, question, there};
use super::service::{Service, wait_until};
use crate::workdir::Workdir;

const HOST: &str = "commentanalyzer.googleapis.com";

/// Runs openssl here, with words parted by blanks.
fn openssl(workdir: &Workdir, arguments: &str) {
    workdir.run(Command::new("openssl").args(arguments.split(' ')), b"").done();
}

/// A certificate authority (`NAME.pem`), and a certificate for Perspective's host that it signed (`cert.pem`, `key.pem`); none
/// where there is no openssl.
fn certify(workdir: &Workdir, name: &str) -> Option<()> {
    if !there("openssl") {
        return None;
    }
    let curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    workdir.write("names", format!("subjectAltName=DNS:{HOST}\n"));
    openssl(
        workdir,
        &format!("req -x509 {curve} -days 2 -subj /CN={name} -keyout {name}.key -out {name}.pem"),
    );
    openssl(workdir, &format!("req {curve} -subj /CN={HOST} -keyout key.pem -out cert.csr"));
    openssl(
        workdir,
        &format!(
            "x509 -req -in cert.csr -CA {name}.pem -CAkey {name}.key -set_serial 1 -days 2 -extfile names -out cert.pem"
        ),
    );
    Some(())
}

const TLS: [&str; 4] = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];

#[test]
fn a_certificate_counts_and_counts_anew_when_it_is_replaced() {
    let workdir = Workdir::new();
    if !there("curl") || certify(&workdir, "first").is_none() {
        return;
    }
    let service = Service::with(&workdir, &TLS);
    let port = service.base.strip_prefix("https://127.0.0.1:").unwrap();
    let asked = |trusted: &str| {
        let body = question("Espèce de crétin !", &["INSULT"], json!({}))["body"].to_string();
        let mut curl = Command::new("curl");
        curl.args(["-sS", "--fail", "--cacert", trusted, "--data", &body])
            .args(["--resolve", &format!("{HOST}:{port}:127.0.0.1")])
            .arg(format!("https://{HOST}:{port}/v1alpha1/comments:analyze?key=any"));
        workdir.run(&mut curl, b"")
    };
    let told = asked("first.pem").done().jsonl();
    assert!(told[0]["attributeScores"]["INSULT"]["summaryScore"]["value"].as_f64().unwrap() > 0.5);

    // What cannot be read leaves the old one in its place.
    let before = workdir.read("cert.pem");
    workdir.write("cert.pem", "rubbish");
    service.signal("HUP");
    service.wait_for("what was read before stays");
    asked("first.pem").done();
    workdir.write("cert.pem", before);

    certify(&workdir, "second").unwrap();
    wait_until(|| asked("second.pem").status == 0, || service.said());
    assert_eq!(asked("first.pem").status, 60, "the old one is no longer shown");
}

/// Perspective's host is this machine, in a network of its own; nothing of the clients is changed.
#[test]
fn clients_whose_host_is_written_into_them_come_here_by_name() {
    let workdir = Workdir::new();
    if certify(&workdir, "first").is_none() {
        return;
    }
    workdir.write("hosts", format!("127.0.0.1 localhost {HOST}\n"));
    let questions = [
        question("Espèce de crétin, tu n’es qu’un abruti !", &["TOXICITY"], json!({})),
        question("", &["TOXICITY"], json!({})),
    ];
    let service = format!("serve --listen 127.0.0.1:443 {}", TLS.join(" "));
    for client in [Client::PerspectiveNode, Client::PerspectivePython] {
        let Some(command) = client.command() else { continue };
        let Some(mut alone) = alone(&service, "hosts") else { return };
        alone
            .arg(command.get_program())
            .args(command.get_args())
            .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("NODE_EXTRA_CA_CERTS", workdir.path("first.pem"))
            .env("SSL_CERT_FILE", workdir.path("first.pem"));
        let told = workdir.run(&mut alone, &lines(&questions)).done().jsonl();
        let value = &told[0]["answer"]["attributeScores"]["TOXICITY"]["summaryScore"]["value"];
        assert!(value.as_f64().unwrap() > 0.8, "{client:?}: {told:?}");
        assert_eq!(told[1]["message"], "Comment must be non-empty.", "{client:?}");
    }
}
