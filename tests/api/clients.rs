//! Perspective's own clients, unmodified, against the running program: questions on one list, asked through each of them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::service::Service;
use crate::workdir::{Csv, Workdir, fixture};

/// A client that people have, and what it cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// google-api-python-client, from PyPI.
    GooglePython,
    /// `perspective`, from PyPI: context in entries only.
    PerspectivePython,
    /// googleapis, from npm.
    GoogleNode,
    /// perspective-api-client, from npm: no suggestions, and never without a key.
    PerspectiveNode,
}

const ALL: [Client; 4] =
    [Client::GooglePython, Client::PerspectivePython, Client::GoogleNode, Client::PerspectiveNode];

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/clients");

/// What `tests/api/clients/install` put there; says so where it did not.
pub fn installed(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/clients").join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: no {} (tests/api/clients/install)", found.display());
    None
}

/// Whether there is such a tool on this machine; says so where there is none.
pub fn there(tool: &str) -> bool {
    let mut asked = Command::new(tool);
    asked.arg("--help").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let there = asked.status().is_ok();
    if !there {
        eprintln!("skipped: no {tool}");
    }
    there
}

/// One of our scripts.
pub fn script(name: &str) -> PathBuf {
    Path::new(HERE).join(name)
}

impl Client {
    /// The command that asks through it what stands on standard input; none where it is not installed.
    pub fn command(self) -> Option<Command> {
        let python = |folder: &str, name: &str| {
            let mut command = Command::new(installed(&format!("{folder}/bin/python"))?);
            command.arg(script(name)).env("PYTHONDONTWRITEBYTECODE", "1");
            Some(command)
        };
        let node = |name: &str| {
            let mut command = Command::new("node");
            command.env("NODE_PATH", installed("node/node_modules")?).arg(script(name));
            Some(command)
        };
        match self {
            Client::GooglePython => python("google", "google_client.py"),
            Client::PerspectivePython => python("perspective", "perspective_client.py"),
            Client::GoogleNode => node("googleapis_client.js"),
            Client::PerspectiveNode => node("perspective_api_client.js"),
        }
    }

    fn suggests(self) -> bool {
        self != Client::PerspectiveNode
    }

    /// Whether it can ask such a thing.
    fn can(self, question: &Value) -> bool {
        let double = !question["body"]["context"]["articleAndParentComment"].is_null();
        match self {
            Client::GooglePython | Client::GoogleNode => true,
            Client::PerspectivePython => !double,
            Client::PerspectiveNode => !question["key"].is_null(),
        }
    }

    /// What it makes of the answers to these questions; nothing where it is not installed.
    fn ask(self, service: &Service, questions: &[Value]) -> Vec<Value> {
        let Some(mut command) = self.command() else { return Vec::new() };
        let told = Workdir::new().run(command.arg(&service.base), &lines(questions)).done().jsonl();
        assert_eq!(told.len(), questions.len());
        told
    }
}

/// Questions, one a line.
pub fn lines(questions: &[Value]) -> Vec<u8> {
    questions.iter().flat_map(|question| format!("{question}\n").into_bytes()).collect()
}

/// A question about a text, with more in its body.
pub fn question(text: &str, attributes: &[&str], more: Value) -> Value {
    let wished = attributes.iter().map(|name| (name.to_string(), json!({})));
    let mut body = json!({
        "comment": { "text": text },
        "requestedAttributes": wished.collect::<serde_json::Map<_, _>>(),
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "method": "analyze", "key": "any", "body": body })
}

const RUDE: &str = "Espèce de crétin, tu n’es qu’un abruti !";

#[test]
fn they_read_scores() {
    let questions = [
        question(RUDE, &["TOXICITY", "INSULT"], json!({ "languages": ["fr"], "clientToken": "c" })),
        question("Merci à tous pour cet article.", &["TOXICITY", "INSULT"], json!({})),
        question("You are a stupid idiot.", &["INSULT_EXPERIMENTAL", "TOXICITY@6"], json!({})),
        // Coral and others name English for whatever they do not know.
        question(RUDE, &["INSULT"], json!({ "languages": ["en"], "doNotStore": true })),
        question(
            "Merci à tous.",
            &[],
            json!({ "requestedAttributes": { "THREAT": { "scoreThreshold": 0.9 } } }),
        ),
        question(
            "👍🏽 Merci à tous. 😀 Pauvre type ! Espèce de crétin 🤡🤡.",
            &["INSULT"],
            json!({ "spanAnnotations": true, "languages": ["fr-FR"] }),
        ),
        question(
            "Oui.",
            &["SPAM", "INSULT"],
            json!({ "context": { "entries": [{ "text": "Un article" }, { "text": "Non ?" }] },
                    "requestedAttributes": { "INSULT": { "scoreType": "PROBABILITY" } } }),
        ),
    ];
    for client in ALL {
        let service = Service::with(&Workdir::new(), &[]);
        let answers = client.ask(&service, &questions);
        let [rude, kind, english, mistaken, below, spans, replied] = &answers[..] else { continue };
        let value = |told: &Value, name: &str| {
            told["answer"]["attributeScores"][name]["summaryScore"]["value"].as_f64().unwrap()
        };
        for told in &answers {
            assert_eq!(told["status"], 200, "{client:?}: {told}");
        }
        for name in ["TOXICITY", "INSULT"] {
            assert!(value(rude, name) > 0.8 && value(kind, name) < 0.2, "{client:?} {name}");
        }
        assert_eq!(rude["cut"]["INSULT"], json!([RUDE]), "one span is always there");
        assert_eq!(rude["answer"]["languages"], json!(["fr"]));
        assert_eq!(rude["answer"]["detectedLanguages"], json!(["fr"]));
        assert_eq!(rude["answer"]["clientToken"], "c");
        assert_eq!(kind["answer"]["languages"], json!(["fr"]));
        assert!(value(english, "INSULT_EXPERIMENTAL") > 0.8 && value(english, "TOXICITY@6") > 0.8);
        assert_eq!(mistaken["answer"]["languages"], json!(["en"]));
        assert_eq!(mistaken["answer"]["detectedLanguages"], json!(["fr"]));
        assert_eq!(value(mistaken, "INSULT"), value(rude, "INSULT"));
        assert_eq!(below["answer"]["attributeScores"], json!({}));
        let sentences = ["👍🏽 Merci à tous.", "😀 Pauvre type !", "Espèce de crétin 🤡🤡."];
        assert_eq!(spans["cut"]["INSULT"], json!(sentences), "{client:?}");
        assert!(value(replied, "INSULT") < 0.5);
    }
}

/// Asserts that every client is refused as the list says: what it asks, the status, the message, and the type of the error.
fn refused(service: &Service, list: &[(Value, u16, &str, Option<&str>)]) {
    for client in ALL {
        let list: Vec<_> = list.iter().filter(|(question, ..)| client.can(question)).collect();
        let questions: Vec<Value> = list.iter().map(|(question, ..)| question.clone()).collect();
        for (told, (question, status, message, kind)) in
            client.ask(service, &questions).iter().zip(&list)
        {
            assert_eq!(told["status"], *status, "{client:?} {question}: {told}");
            assert_eq!(told["message"], *message, "{client:?}");
            if let Some(said) = told["told"].as_str() {
                assert!(said.ends_with(message), "{client:?} says {said}");
            }
            if let Some(kind) = kind {
                let detail = &told["details"][0];
                let named = [&detail["errorType"], &detail["reason"]];
                assert!(named.contains(&&json!(kind)), "{client:?} {question}: {told}");
            }
            if *status == 429 {
                let seconds: u32 = told["retry_after"].as_str().unwrap().parse().unwrap();
                assert!(seconds > 0);
            }
        }
    }
}

#[test]
fn they_are_refused_as_perspective_refused() {
    let long = "é".repeat(10_241);
    let wished = |wish: Value| json!({ "requestedAttributes": wish });
    let list = [
        (question("", &["TOXICITY"], json!({})), "Comment must be non-empty.", "COMMENT_EMPTY"),
        (
            question(&long, &["TOXICITY"], json!({})),
            "Comment text was too many bytes. Value (20482) exceeded limit (20480).",
            "COMMENT_TOO_LONG",
        ),
        (
            question("Oui.", &[], json!({})),
            "Missing requested_attributes",
            "NO_REQUESTED_ATTRIBUTES",
        ),
        (
            question("Oui.", &["SEXUALLY_EXPLICIT"], json!({ "languages": ["om", "fr"] })),
            "Attribute SEXUALLY_EXPLICIT does not support request languages: om, fr",
            "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        ),
        (
            question("Oui.", &["TOXICITY", "POLITESSE"], json!({})),
            "Unknown requested attribute: POLITESSE",
            "INVALID_REQUEST",
        ),
        (
            question("Oui.", &[], wished(json!({ "TOXICITY": { "scoreType": "PERCENTILE" } }))),
            "Requested score type PERCENTILE is not supported by attribute TOXICITY",
            "INVALID_REQUEST",
        ),
        (
            question(
                "Oui.",
                &["TOXICITY"],
                json!({ "comment": { "text": "Oui.", "type": "TEX" } }),
            ),
            "Unknown text type",
            "INVALID_REQUEST",
        ),
        (
            question(
                "Oui.",
                &["TOXICITY"],
                json!({ "context": { "entries": [{ "text": "Non." }],
                        "articleAndParentComment": { "parentComment": { "text": "Non." } } } }),
            ),
            "Context can have either entries or article_and_parent_comment, but both fields were populated.",
            "INVALID_REQUEST",
        ),
    ];
    let list = list.map(|(question, message, kind)| (question, 400, message, Some(kind)));
    refused(&Service::with(&Workdir::new(), &[]), &list);
}

#[test]
fn they_are_refused_languages_where_the_service_is_strict() {
    let list = [
        (
            question("Akkam jirta", &["TOXICITY"], json!({ "languages": ["om"] })),
            400,
            "Attribute TOXICITY does not support request languages: om",
            Some("LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
        ),
        (
            question("12345 67", &["TOXICITY"], json!({})),
            400,
            "Unable to detect language",
            Some("LANGUAGE_DETECTION_FAILED"),
        ),
        (
            question(
                "Oui.",
                &["TOXICITY"],
                json!({ "comment": { "text": "Oui.", "type": "HTML" } }),
            ),
            400,
            "Currently, only 'PLAIN_TEXT' comments are supported",
            Some("INVALID_REQUEST"),
        ),
    ];
    refused(&Service::with(&Workdir::new(), &["--strict-languages"]), &list);
}

#[test]
fn they_are_told_when_a_key_is_missing_wrong_or_used_up() {
    let with = |key: Value, attributes: &[&str]| {
        let mut question = question("Oui.", attributes, json!({}));
        question["key"] = key;
        question
    };
    let workdir = Workdir::new();
    workdir.write("keys", "redaction clef-de-la-redaction\n");
    let service = Service::with(&workdir, &["--keys-file", "keys", "--rate-limit", "2"]);
    let quota = "Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)' and limit 'Analysis requests \
                 (AnalyzeComment) per minute' of service 'commentanalyzer.googleapis.com' for consumer \
                 'project_number:redaction'.";
    let list = [
        (
            with(json!("clef-de-personne-ici"), &["TOXICITY"]),
            400,
            "API key not valid. Please pass a valid API key.",
            Some("API_KEY_INVALID"),
        ),
        (with(Value::Null, &["TOXICITY"]), 403, "The request is missing a valid API key.", None),
        (
            // Every attribute counts: three are more than a minute grants.
            with(json!("clef-de-la-redaction"), &["TOXICITY", "INSULT", "THREAT"]),
            429,
            quota,
            Some("RATE_LIMIT_EXCEEDED"),
        ),
    ];
    refused(&service, &list);
}

#[test]
fn what_they_suggest_can_be_learned() {
    let workdir = Workdir::new();
    let service = Service::with(&workdir, &["--feedback", "labels.jsonl"]);
    let train = std::fs::read_to_string(fixture("labelled/train.csv")).unwrap();
    let table = Csv::parse(&train, b',');
    let rows = table.column("id").into_iter().zip(table.column("text"));
    let rows = rows.zip(table.column("insult")).filter(|(_, told)| !told.is_empty());
    let questions: Vec<Value> = rows
        .map(|((id, text), told)| {
            let body = json!({
                "comment": { "text": text },
                "attributeScores": { "TOXICITY": { "summaryScore": { "value": told.parse::<u8>().unwrap() } } },
                "languages": ["fr"],
                "communityId": "Essai:https://quai.example",
                "clientToken": id,
            });
            json!({ "method": "suggestscore", "key": "any", "body": body })
        })
        .collect();
    let clients: Vec<Client> = ALL.into_iter().filter(|client| client.suggests()).collect();
    let share = questions.len().div_ceil(clients.len());
    let mut kept = 0;
    for (client, share) in clients.into_iter().zip(questions.chunks(share)) {
        for (told, asked) in client.ask(&service, share).iter().zip(share) {
            assert_eq!(told["status"], 200, "{client:?}");
            assert_eq!(told["answer"]["clientToken"], asked["body"]["clientToken"]);
            assert_eq!(told["answer"]["requestedLanguages"], json!(["fr"]));
            kept += 1;
        }
    }
    if kept < questions.len() {
        return;
    }
    let labels = workdir.read("labels.jsonl");
    for (line, asked) in labels.lines().zip(&questions) {
        let (line, body) = (serde_json::from_str::<Value>(line).unwrap(), &asked["body"]);
        assert_eq!(
            line,
            json!({
                "id": body["clientToken"],
                "text": body["comment"]["text"],
                "toxicity": body["attributeScores"]["TOXICITY"]["summaryScore"]["value"],
                "lang": "fr",
                "community": "Essai:https://quai.example",
                "context": null,
            })
        );
    }
    let ran = workdir.vigie(&["train", "labels.jsonl", "--label", "toxicity", "-o", "mine.vigie"]);
    assert_eq!(ran.clone().done().sums(), Some([kept as u64, kept as u64, 0]));
    let explained = workdir.vigie_fed(&["explain", "--model", "mine.vigie"], RUDE.as_bytes());
    assert!(explained.done().text().contains("toxicity"));
}
