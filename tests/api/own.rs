//! What vigie answers besides: its own scores, its model, and how it is.

use serde_json::{Value, json};

use super::service::Service;
use crate::workdir::Workdir;

const LINES: (&str, &str) = ("content-type", "application/x-ndjson");

fn service() -> Service {
    Service::with(&Workdir::new(), &[])
}

#[test]
fn scores_are_those_of_the_command_line() {
    let workdir = Workdir::with(&["desk/comments.csv"]);
    let scored = workdir.vigie(&["score", "comments.csv", "--format", "jsonl", "--lang", "en"]);
    let rows: Vec<Value> = std::str::from_utf8(&scored.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(rows.len() > 5);
    let asked: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "id": row["id"], "text": row["text"], "parent": row["parent"], "page": row["page"] }))
        .collect();
    let path = "/v1/score?include=advice,reasons&lang=en";
    let service = service();
    let told = service.ask(path, &json!({ "comments": asked })).json();
    let told = told["comments"].as_array().unwrap();
    let lines: String = asked.iter().map(|one| format!("{one}\n")).collect();
    let streamed = service.post(path, &[LINES], lines.as_bytes());
    let streamed: Vec<Value> =
        streamed.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(*told, streamed);
    assert_eq!(told.len(), rows.len());
    for (one, row) in told.iter().zip(&rows) {
        assert_eq!(one["id"], row["id"]);
        assert_eq!(one["scores"]["insult"], row["vigie_insult"], "{row}");
        assert_eq!(one["scores"]["conspiracy"], row["vigie_conspiracy"]);
        assert_eq!(one["advice"], row["vigie_advice"]);
        assert_eq!(one["reasons"], row["vigie_reasons"]);
        assert_eq!(one["model"], row["vigie_model"]);
    }
}

#[test]
fn contributions_sum_to_the_score() {
    let told = service().ask(
        "/v1/score?include=contributions,attributes",
        &json!({ "text": "Quel abruti, ce maire !" }),
    );
    let told = told.json();
    for explained in told["contributions"].as_array().unwrap() {
        let sum: f64 = explained["contributions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["log_odds"].as_f64().unwrap())
            .sum();
        assert!((sum - explained["log_odds"].as_f64().unwrap()).abs() < 1e-9);
        assert_eq!(explained["probability"], told["scores"][explained["label"].as_str().unwrap()]);
    }
    assert_eq!(told["attributes"].as_object().unwrap().len(), 7);
    assert_eq!(told["attributes"]["INSULT"], told["scores"]["insult"]);
    assert!(told.get("advice").is_none() && told.get("reasons").is_none());
}

#[test]
fn every_line_is_answered_in_its_place() {
    let body = "{\"text\":\"Bonjour\",\"id\":1}\n\nrien\n{\"id\":3}\n{\"text\":\"Espèce d'abruti\",\"id\":\"é\"}";
    let told = service().post("/v1/score?include=advice", &[LINES], body.as_bytes());
    let told: Vec<Value> =
        told.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), 4);
    assert_eq!(told[0]["id"], 1);
    assert_eq!((&told[1]["line"], &told[2]["line"]), (&json!(3), &json!(4)));
    assert!(told[2]["error"].as_str().unwrap().contains("expected"));
    assert_eq!((&told[3]["id"], &told[3]["advice"]), (&json!("é"), &json!("reject")));
}

#[test]
fn what_is_asked_wrongly_is_told() {
    let service = service();
    for (path, body) in [
        ("/v1/score?include=verdict", json!({ "text": "x" })),
        ("/v1/score?lang=de", json!({ "text": "x" })),
        ("/v1/score", json!({ "texte": "x" })),
        ("/v1/score", json!("x")),
        ("/v1/score", json!([{ "text": 1 }])),
    ] {
        let told = service.ask(path, &body);
        assert_eq!(told.status, 400, "{path} {body}: {}", told.text);
        assert!(told.text.contains("xpected"), "{}", told.text);
    }
    assert_eq!(service.get("/v1/score").status, 405);
    assert_eq!(service.get("/elsewhere").status, 404);
}

#[test]
fn the_model_tells_what_it_is_made_of() {
    let service = service();
    let told = service.get("/v1/model").json();
    let origin = |name: &str| {
        let attributes = told["attributes"].as_array().unwrap();
        attributes.iter().find(|one| one["name"] == name).unwrap()["origin"].clone()
    };
    assert_eq!((origin("INSULT"), origin("CONSPIRACY")), (json!("head"), json!("head")));
    for rule in ["TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "PROFANITY", "THREAT"] {
        assert_eq!(origin(rule), "rule", "{rule}");
    }
    assert_eq!(told["labels"][0]["label"], "insult");
    let health = service.get("/healthz").json();
    assert_eq!((&health["status"], &health["model"]), (&json!("ok"), &told["id"]));
    let counted = service.get("/metrics");
    assert!(counted.header("content-type").starts_with("application/openmetrics-text"));
    assert!(counted.text.contains("vigie_requests_total{route=\"/v1/model\",status=\"200\"} 1"));
    assert!(counted.text.ends_with("# EOF\n"));
}

#[test]
fn perspective_s_answer_holds_reasons_for_those_who_ask_for_them() {
    let asked = json!({
        "comment": { "text": "Vous êtes un pauvre type, monsieur." },
        "requestedAttributes": { "INSULT": {} },
    });
    let service = service();
    let headers = [("x-vigie-explain", "1")];
    let told = service.post("/v1alpha1/comments:analyze", &headers, asked.to_string().as_bytes());
    let told = told.json();
    assert_eq!(told["vigie"]["advice"], "reject");
    assert!(told["vigie"]["reasons"][0]["sentence"].as_str().unwrap().contains("pauvre type"));
}
