//! Clients that close their end once they have asked, and wait.

use serde_json::json;

use super::service::Service;
use crate::workdir::Workdir;

#[test]
fn who_has_said_all_is_answered() {
    let service = Service::with(&Workdir::new(), &[]);
    // Enough to be still at it when the end of what was sent is seen.
    let comments = vec![json!({ "text": "Encore un article acheté. Pauvre type !" }); 2_000];
    let body = json!({ "comments": comments }).to_string();
    let head = format!(
        "POST /v1/score?include=reasons HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let answer = service.raw(format!("{head}{body}").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200"), "{}", answer.lines().next().unwrap_or_default());
    assert_eq!(answer.matches("\"confidence\"").count(), 2_000);
}
