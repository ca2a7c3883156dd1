//! Perspective's contract, as clients in the field rely on it.

use serde_json::{Value, json};

use super::service::Service;
use crate::workdir::Workdir;

const ANALYZE: &str = "/v1alpha1/comments:analyze";
const SUGGEST: &str = "/v1alpha1/comments:suggestscore";

fn service(arguments: &[&str]) -> Service {
    Service::with(&Workdir::new(), arguments)
}

/// What a comment is asked by.
fn about(text: &str, attributes: &[&str]) -> Value {
    let wishes: serde_json::Map<String, Value> =
        attributes.iter().map(|name| (name.to_string(), json!({}))).collect();
    json!({ "comment": { "text": text }, "requestedAttributes": wishes })
}

/// The message, the type of error and the status of a refusal.
fn refused(service: &Service, path: &str, body: &Value) -> (u16, String, String) {
    let answer = service.ask(path, body);
    let error = answer.json()["error"].take();
    assert_eq!(error["code"], answer.status);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    (answer.status, text(&error["message"]), text(&error["details"][0]["errorType"]))
}

#[test]
fn a_comment_is_scored_under_the_names_that_it_was_asked_by() {
    let service = service(&[]);
    let mut asked = about(
        "Vous êtes un pauvre type, monsieur.",
        &["TOXICITY@6", "INSULT_EXPERIMENTAL", "THREAT", "CONSPIRACY"],
    );
    asked["clientToken"] = json!("c-1");
    asked["languages"] = json!(["fr-CA"]);
    asked["sessionId"] = json!("s");
    asked["neverHeardOf"] = json!({ "x": 1 });
    let answer = service.ask(ANALYZE, &asked);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json; charset=UTF-8");
    let told = answer.json();
    let names: Vec<&String> = told["attributeScores"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["CONSPIRACY", "INSULT_EXPERIMENTAL", "THREAT", "TOXICITY@6"]);
    let value = |name: &str| {
        let scored = &told["attributeScores"][name];
        assert_eq!(scored["summaryScore"]["type"], "PROBABILITY");
        // Research code reads the one span that covers all of it.
        let spans = scored["spanScores"].as_array().unwrap();
        assert_eq!(spans.len(), 1);
        assert_eq!((&spans[0]["begin"], &spans[0]["end"]), (&json!(0), &json!(35)));
        assert_eq!(spans[0]["score"], scored["summaryScore"]);
        scored["summaryScore"]["value"].as_f64().unwrap()
    };
    assert!(value("TOXICITY@6") > 0.7 && value("INSULT_EXPERIMENTAL") > 0.7);
    assert!(value("THREAT") < 0.3 && value("CONSPIRACY") < 0.3);
    assert_eq!(told["clientToken"], "c-1");
    assert_eq!(told["languages"], json!(["fr-CA"]));
    assert_eq!(told["detectedLanguages"], json!(["fr"]));
    assert!(told.get("vigie").is_none());
}

#[test]
fn sentences_are_scored_at_their_place_in_utf_16() {
    let service = service(&[]);
    let text = "😀 Encore un article acheté. Pauvre type !";
    let mut asked = about(text, &["INSULT"]);
    asked["spanAnnotations"] = json!(true);
    let told = service.ask(ANALYZE, &asked).json();
    let units: Vec<u16> = text.encode_utf16().collect();
    let spans = told["attributeScores"]["INSULT"]["spanScores"].as_array().unwrap();
    let cut: Vec<String> = spans
        .iter()
        .map(|span| {
            let at = |name: &str| span[name].as_u64().unwrap() as usize;
            String::from_utf16(&units[at("begin")..at("end")]).unwrap()
        })
        .collect();
    assert_eq!(cut, ["😀 Encore un article acheté.", "Pauvre type !"]);
    let value = |at: usize| spans[at]["score"]["value"].as_f64().unwrap();
    assert!(value(1) > 5.0 * value(0), "{} and {}", value(0), value(1));
}

#[test]
fn scores_below_a_threshold_are_left_out() {
    let service = service(&[]);
    let mut asked = about("Merci pour cet article.", &["INSULT"]);
    asked["requestedAttributes"]["INSULT"] = json!({ "scoreThreshold": 0.5 });
    assert_eq!(service.ask(ANALYZE, &asked).json()["attributeScores"], json!({}));
    asked["requestedAttributes"]["INSULT"] = Value::Null;
    assert!(service.ask(ANALYZE, &asked).json()["attributeScores"]["INSULT"].is_object());
}

#[test]
fn it_is_found_however_the_address_is_written_and_whatever_the_body_is_called() {
    let service = service(&[]);
    let body = about("Bonjour", &["TOXICITY"]).to_string();
    for path in [ANALYZE, "/v1alpha1/comments%3Aanalyze?key=K&alt=json&prettyPrint=false"] {
        for kind in ["application/json;charset=utf-8", "text/plain;charset=UTF-8", "x"] {
            let answer = service.post(path, &[("content-type", kind)], body.as_bytes());
            assert_eq!(answer.status, 200, "{path} {kind}: {}", answer.text);
        }
    }
    let own = [("origin", "https://journal.example")];
    let answer = service.post(ANALYZE, &own, body.as_bytes());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let asked = service.raw(
        b"OPTIONS /v1alpha1/comments:analyze HTTP/1.1\r\nHost: x\r\nOrigin: https://a.example\r\n\
          Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\
          Connection: close\r\n\r\n",
    );
    assert!(asked.starts_with("HTTP/1.1 200"), "{asked}");
    assert!(asked.contains("access-control-allow-headers: content-type"), "{asked}");
}

#[test]
fn refusals_are_worded_as_perspective_worded_them() {
    let service = service(&[]);
    let long = "é".repeat(11_684);
    let typed = |kind: &str| {
        let mut asked = about("Bonjour", &["INSULT"]);
        asked["requestedAttributes"]["INSULT"] = json!({ "scoreType": kind });
        asked
    };
    let mut both = about("Bonjour", &["INSULT"]);
    both["context"] = json!({
        "entries": [{ "text": "a" }],
        "articleAndParentComment": { "article": { "text": "a" } },
    });
    let mut kind = about("Bonjour", &["INSULT"]);
    kind["comment"]["type"] = json!("RTF");
    let mut foreign = about("Bonjour", &["SEXUALLY_EXPLICIT"]);
    foreign["languages"] = json!(["fr", "en"]);
    for (asked, message, error) in [
        (about(" \n", &["INSULT"]), "Comment must be non-empty.", "COMMENT_EMPTY"),
        (
            json!({ "requestedAttributes": { "INSULT": {} } }),
            "Comment must be non-empty.",
            "COMMENT_EMPTY",
        ),
        (
            about(&long, &["INSULT"]),
            "Comment text was too many bytes. Value (23368) exceeded limit (20480).",
            "COMMENT_TOO_LONG",
        ),
        (about("Bonjour", &[]), "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES"),
        (about("Bonjour", &["NICE"]), "Unknown requested attribute: NICE", "INVALID_REQUEST"),
        (
            typed("PERCENTILE"),
            "Requested score type PERCENTILE is not supported by attribute INSULT",
            "INVALID_REQUEST",
        ),
        (
            both,
            "Context can have either entries or article_and_parent_comment, but both fields were populated.",
            "INVALID_REQUEST",
        ),
        (kind, "Unknown text type", "INVALID_REQUEST"),
        (
            foreign,
            "Attribute SEXUALLY_EXPLICIT does not support request languages: fr, en",
            "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        ),
    ] {
        let told = refused(&service, ANALYZE, &asked);
        assert_eq!(told, (400, message.to_string(), error.to_string()));
    }
    let exact = "x".repeat(20_480);
    assert_eq!(service.ask(ANALYZE, &about(&exact, &["INSULT"])).status, 200);
    let broken = service.post(ANALYZE, &[], b"{\"comment\": {\"text\": \"secret");
    assert_eq!(broken.status, 400);
    assert!(broken.text.contains("Invalid JSON payload received."), "{}", broken.text);
    assert!(!broken.text.contains("secret"));
}

#[test]
fn what_is_not_served_can_be_dropped() {
    let service = service(&[]);
    let mut asked = about("Bonjour", &["FLIRTATION", "NICE", "TOXICITY"]);
    asked["dropUnsupportedAttributes"] = json!(true);
    let told = service.ask(ANALYZE, &asked).json();
    let names: Vec<&String> = told["attributeScores"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["TOXICITY"]);
}

#[test]
fn languages_are_echoed_or_on_demand_refused() {
    let french = "Je pense que vous avez raison sur ce point, mais pas sur les autres.";
    let mut asked = about(french, &["TOXICITY"]);
    asked["languages"] = json!(["om"]);
    let lenient = service(&[]);
    let told = lenient.ask(ANALYZE, &asked).json();
    assert_eq!((&told["languages"], &told["detectedLanguages"]), (&json!(["om"]), &json!(["fr"])));
    assert_eq!(lenient.ask(ANALYZE, &about("Ĝis", &["TOXICITY"])).status, 200);

    let strict = service(&["--strict-languages"]);
    let told = strict.ask(ANALYZE, &asked).json();
    assert_eq!(
        told["error"]["message"],
        "Attribute TOXICITY does not support request languages: om"
    );
    let own = &told["error"]["details"][0]["languageNotSupportedByAttributeError"];
    assert_eq!(*own, json!({ "requestedLanguages": ["om"], "attribute": "TOXICITY" }));
    asked["languages"] = json!(["fr-FR", "en"]);
    assert_eq!(strict.ask(ANALYZE, &asked).status, 200);
    let unknown = refused(&strict, ANALYZE, &about("zzz qqq", &["TOXICITY"]));
    assert_eq!(unknown.2, "LANGUAGE_DETECTION_FAILED");
    let german = "Das ist nicht wahr und ihr wisst es auch, aber das will hier keiner hören.";
    let told = strict.ask(ANALYZE, &about(german, &["TOXICITY"])).json();
    let own = &told["error"]["details"][0]["languageNotSupportedByAttributeError"];
    assert_eq!(own["detectedLanguages"], json!(["de"]));
}

#[test]
fn markup_is_read_as_its_text_and_the_parent_makes_a_reply() {
    let service = service(&[]);
    let value = |asked: &Value| {
        let told = service.ask(ANALYZE, asked).json();
        told["attributeScores"]["INSULT"]["summaryScore"]["value"].as_f64().unwrap()
    };
    let plain = about("Vous êtes un pauvre type", &["INSULT"]);
    let mut marked = about("<p>Vous êtes un <b>pauvre type</b></p>", &["INSULT"]);
    marked["comment"]["type"] = json!("HTML");
    assert_eq!(value(&plain), value(&marked));
    let mut reply = plain.clone();
    reply["context"] = json!({ "entries": [{ "text": "L'article." }, { "text": "Le parent." }] });
    assert_ne!(value(&plain), value(&reply));
    let mut named = plain.clone();
    named["context"] = json!({ "articleAndParentComment": { "parentComment": { "text": "x" } } });
    assert_eq!(value(&reply), value(&named));
}

#[test]
fn keys_are_any_or_those_of_a_list() {
    let workdir = Workdir::new();
    workdir.write("keys.txt", "# qui\nquai 0123456789abcdef\n");
    let service = Service::with(&workdir, &["--keys-file", "keys.txt", "--access-log", "-"]);
    let asked = about("Bonjour", &["TOXICITY"]);
    let none = service.ask(ANALYZE, &asked);
    assert_eq!((none.status, &none.json()["error"]["status"]), (403, &json!("PERMISSION_DENIED")));
    let wrong = service.ask(&format!("{ANALYZE}?key=fedcba9876543210"), &asked);
    let told = wrong.json();
    assert_eq!(wrong.status, 400);
    assert_eq!(told["error"]["message"], "API key not valid. Please pass a valid API key.");
    assert_eq!(told["error"]["details"][0]["reason"], "API_KEY_INVALID");
    assert_eq!(service.ask(&format!("{ANALYZE}?key=0123456789abcdef"), &asked).status, 200);
    let body = asked.to_string();
    for header in
        [("authorization", "Bearer 0123456789abcdef"), ("x-goog-api-key", "0123456789abcdef")]
    {
        assert_eq!(service.post(ANALYZE, &[header], body.as_bytes()).status, 200);
    }
    service.wait_for("\"name\":\"quai\"");
    let said = service.said();
    assert!(!said.contains("Bonjour") && !said.contains("0123456789abcdef"), "{said}");
}

#[test]
fn a_key_that_asks_too_much_is_told_when_to_come_back() {
    let service = service(&["--rate-limit", "4"]);
    let asked = about("Bonjour", &["TOXICITY", "INSULT"]);
    let path = format!("{ANALYZE}?key=a");
    assert_eq!(service.ask(&path, &asked).status, 200);
    assert_eq!(service.ask(&path, &asked).status, 200);
    let late = service.ask(&path, &asked);
    assert_eq!(late.status, 429);
    let seconds: u64 = late.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds));
    let told = late.json();
    assert_eq!(told["error"]["status"], "RESOURCE_EXHAUSTED");
    assert_eq!(told["error"]["details"][0]["metadata"]["quota_limit_value"], "4");
    assert_eq!(service.ask(&format!("{ANALYZE}?key=b"), &asked).status, 200);
}

#[test]
fn suggestions_become_labels_where_they_are_kept() {
    let workdir = Workdir::new();
    let service = Service::with(&workdir, &["--feedback", "labels.jsonl"]);
    let coral = json!({ "url": "https://journal.example/a", "Coral_comment_id": "9" });
    let asked = json!({
        "comment": { "text": "Pauvre type !" },
        "context": { "entries": [{ "text": coral.to_string() }] },
        "attributeScores": { "TOXICITY": { "summaryScore": { "value": 1 } } },
        "languages": ["fr"],
        "communityId": "Coral:https://journal.example",
        "clientToken": "comment:9",
    });
    let told = service.ask(SUGGEST, &asked).json();
    assert_eq!(told["clientToken"], "comment:9");
    assert_eq!(told["requestedLanguages"], json!(["fr"]));
    let kept: Value = serde_json::from_str(&workdir.read("labels.jsonl")).unwrap();
    assert_eq!(kept["text"], "Pauvre type !");
    assert_eq!((&kept["id"], &kept["toxicity"]), (&json!("comment:9"), &json!(1)));
    assert_eq!(kept["context"]["Coral_comment_id"], "9");
    let spans = json!({ "comment": { "text": "x" }, "attributeScores": { "INSULT": { "spanScores": [{ "score": { "value": 1 } }] } } });
    assert_eq!(refused(&service, SUGGEST, &spans).0, 400);
    let none = json!({ "comment": { "text": "x" }, "attributeScores": {} });
    assert_eq!(refused(&service, SUGGEST, &none).2, "INVALID_REQUEST");
    assert_eq!(workdir.read("labels.jsonl").lines().count(), 1);

    let forgetful = Service::with(&workdir, &[]);
    assert_eq!(forgetful.ask(SUGGEST, &asked).status, 200);
    assert_eq!(workdir.read("labels.jsonl").lines().count(), 1);
    assert!(forgetful.get("/metrics").text.contains("suggestions_total{result=\"discarded\"} 1"));
}

#[test]
fn whoever_listens_to_all_and_keeps_labels_must_ask_for_keys() {
    let workdir = Workdir::new();
    let refused = workdir.vigie(&["serve", "--listen", "0.0.0.0:0", "--feedback", "l.jsonl"]);
    assert_eq!(refused.status, 2);
    assert!(
        refused.stderr.contains("could reach this address and write labels"),
        "{}",
        refused.stderr
    );
}
