"""Asks what stands on standard input through google-api-python-client, built from the document that the service serves."""

import functools

import driver
from googleapiclient import discovery
from googleapiclient.errors import HttpError


@functools.cache
def client(base, key):
    return discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=key,
        discoveryServiceUrl=base + "/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    )


def ask(base, question):
    method = getattr(client(base, question.get("key")).comments(), question["method"])
    try:
        return driver.answered(method(body=question["body"]).execute())
    except HttpError as error:
        return {
            "status": error.status_code,
            "message": error.reason,
            "details": error.error_details,
            "retry_after": error.resp.get("retry-after"),
        }


driver.run(ask)
