"""Asks what stands on standard input through `perspective`. Where a base is given, its address is set as the package allows."""

import json
from urllib.error import HTTPError

import driver
from perspective.perspective import PerspectiveAPI

NAMES = {
    "requestedAttributes": "requested_attributes",
    "attributeScores": "attribute_scores",
    "languages": "languages",
    "spanAnnotations": "span_annotations",
    "doNotStore": "do_not_store",
    "clientToken": "client_token",
    "sessionId": "session_id",
    "communityId": "community_id",
}


def ask(base, question):
    api = PerspectiveAPI(question.get("key") or "")
    if base:
        api.api_client.url = base + "/v1alpha1/{endpoint}"
    body = question["body"]
    options = {NAMES[name]: value for name, value in body.items() if name in NAMES}
    options["context"] = body.get("context", {}).get("entries")
    options["comment_type"] = body["comment"].get("type")
    method = {"analyze": api.analyze_comment, "suggestscore": api.suggest_score}[question["method"]]
    try:
        return driver.answered(method(body["comment"]["text"], validate=False, **options))
    except HTTPError as refused:
        error = json.loads(refused.read())["error"]
        return {
            "status": refused.code,
            "message": error["message"],
            "details": error.get("details"),
            "retry_after": refused.headers.get("Retry-After"),
        }


driver.run(ask)
