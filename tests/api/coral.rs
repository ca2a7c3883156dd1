//! Coral's two doors: its requests, byte for byte as its source makes them, within the 800 ms that it waits.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use ureq::Agent;

use super::service::Service;
use crate::workdir::Workdir;

/// Coral, at the version whose source was read. Its own code is not on npm; this sends what it sends.
struct Coral {
    agent: Agent,
    endpoint: String,
}

/// A status, and a body where there is one.
type Told = (u16, Value);

impl Coral {
    fn of(service: &Service) -> Coral {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_millis(800)));
        Coral { agent: config.build().into(), endpoint: service.base.clone() }
    }

    fn post(&self, url: &str, name: &str, signature: Option<&str>, body: String) -> Told {
        let mut asked = self
            .agent
            .post(url)
            .header("Content-Type", "application/json")
            .header("User-Agent", format!("Coral {name}/9.11.8"));
        if let Some(signature) = signature {
            asked = asked.header("X-Coral-Signature", signature);
        }
        let mut answer = asked.send(body).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
    }

    /// The door that was Perspective's: the endpoint of the form of settings, joined with the operation.
    fn perspective(&self, operation: &str, body: &Value) -> Told {
        let url = format!("{}/v1alpha1/{operation}?key=clef", self.endpoint);
        self.post(&url, "Perspective", None, body.to_string())
    }

    /// The external moderation phase: JSON with indents, signed with every secret that has not ended.
    fn phase(&self, secrets: &[&str], action: &str, text: &str, parent: Option<&str>) -> Told {
        let body = json!({
            "action": action,
            "comment": { "body": text, "parentID": parent },
            "author": { "id": "9f1c", "role": "COMMENTER" },
            "story": { "id": "a-1", "url": "https://quai.example/a-1" },
            "site": { "id": "s-1" },
            "tenantID": "t-1",
            "tenantDomain": "quai.example",
        });
        let body = serde_json::to_string_pretty(&body).unwrap();
        let signatures: Vec<String> = secrets.iter().map(|secret| sign(secret, &body)).collect();
        let url = format!("{}/coral", self.endpoint);
        self.post(&url, "Moderation", Some(&signatures.join(",")), body)
    }
}

fn sign(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let bytes = mac.chain_update(body).finalize().into_bytes();
    format!("sha256={}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

const RUDE: &str = "Espèce de crétin, tu n’es qu’un abruti !";
const KIND: &str = "Merci pour cet article.";

#[test]
fn the_door_that_was_perspectives_gives_a_score() {
    let service = Service::with(&Workdir::new(), &[]);
    let coral = Coral::of(&service);
    // Coral sends `en` for languages that it does not know: the text is read in its own.
    for language in ["fr", "en"] {
        let score = |text: &str| {
            let body = json!({
                "comment": { "text": text },
                "doNotStore": true,
                "requestedAttributes": { "TOXICITY": {} },
                "languages": [language],
            });
            let (status, told) = coral.perspective("comments:analyze", &body);
            assert_eq!(status, 200, "{told}");
            told["attributeScores"]["TOXICITY"]["summaryScore"]["value"].as_f64().unwrap()
        };
        assert!(score(RUDE) > 0.8, "over the threshold that Coral begins with");
        assert!(score(KIND) < 0.2);
    }
}

#[test]
fn what_its_moderators_decide_becomes_labels() {
    let workdir = Workdir::new();
    let service = Service::with(&workdir, &["--feedback", "labels.jsonl"]);
    let coral = Coral::of(&service);
    for (id, text, value) in [("c-1", RUDE, 1), ("c-2", KIND, 0)] {
        let context = json!({
            "url": format!("https://quai.example/a-1?commentID={id}"),
            "reply_to_id_Coral_comment_id": "c-0",
            "Coral_comment_id": id,
        });
        let body = json!({
            "comment": { "text": text },
            "context": { "entries": [{ "text": context.to_string() }] },
            "attributeScores": { "TOXICITY": { "summaryScore": { "value": value } } },
            "languages": ["fr"],
            "communityId": "Coral:https://quai.example",
            "clientToken": format!("comment:{id}"),
        });
        let (status, told) = coral.perspective("comments:suggestscore", &body);
        assert_eq!((status, &told["clientToken"]), (200, &body["clientToken"]));
        let labels = workdir.read("labels.jsonl");
        let line: Value = serde_json::from_str(labels.lines().last().unwrap()).unwrap();
        assert_eq!(
            line,
            json!({ "id": body["clientToken"], "text": text, "toxicity": value, "lang": "fr",
                    "community": "Coral:https://quai.example", "context": context }),
            "ids of Coral's are kept as what they are, not read as a parent"
        );
    }
}

#[test]
fn the_moderation_phase_flags_with_a_reason_or_says_nothing() {
    let workdir = Workdir::new();
    workdir.write("secrets", "# old, new\nle-secret-d-avant\nle-secret-d-apres\n");
    let service = Service::with(&workdir, &["--coral-secrets", "secrets"]);
    let coral = Coral::of(&service);
    // Coral signs with both while one follows the other.
    let all: [&[&str]; 4] = [
        &["le-secret-d-avant"],
        &["le-secret-d-apres"],
        &["le-secret-d-avant", "le-secret-d-apres"],
        &["un-secret-inconnu", "le-secret-d-apres"],
    ];
    for secrets in all {
        let (status, told) = coral.phase(secrets, "NEW", RUDE, None);
        assert_eq!(status, 200, "{told}");
        let flag = json!([{ "actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC" }]);
        assert_eq!(told["actions"], flag);
        assert_eq!(told["status"], Value::Null, "it never decides");
        assert_ne!(told["vigie"]["vigie_reasons"], Value::Null);
        assert_eq!(coral.phase(secrets, "NEW", KIND, Some("c-0")), (204, Value::Null));
    }
    let html = format!("<div>{}</div>", RUDE.replace(' ', "&nbsp;"));
    assert_eq!(coral.phase(&["le-secret-d-apres"], "EDIT", &html, None).0, 200);
    assert_eq!(coral.phase(&["le-secret-d-apres"], "NEW", "<div></div>", None).0, 204);
    assert_eq!(coral.phase(&["un-secret-inconnu"], "NEW", RUDE, None).0, 401);
    assert_eq!(coral.phase(&[], "NEW", RUDE, None).0, 401);
}
