"""Reads questions, a line of JSON each, and prints a line of JSON for each: what a client made of the answer."""

import json
import sys

TEXT = None


def cut(text, begin, end):
    """What stands between two places in UTF-16 units."""
    return text.encode("utf-16-le")[2 * begin : 2 * end].decode("utf-16-le")


def answered(answer):
    scores = answer.get("attributeScores", {})
    return {
        "status": 200,
        "answer": answer,
        "cut": {
            name: [cut(TEXT, span.get("begin", 0), span["end"]) for span in score["spanScores"]]
            for name, score in scores.items()
        },
    }


def run(ask):
    """Asks every question of the service at the address that the command line names; none where the client knows its own."""
    global TEXT
    base = sys.argv[1] if len(sys.argv) > 1 else None
    for line in sys.stdin:
        question = json.loads(line)
        TEXT = question["body"].get("comment", {}).get("text")
        print(json.dumps(ask(base, question)), flush=True)
