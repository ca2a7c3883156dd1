"""Asks what stands on standard input through google-api-python-client, built from the document that the service serves."""

import driver
from googleapiclient import discovery
from googleapiclient.errors import HttpError


def ask(base, question):
    client = discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=question.get("key"),
        discoveryServiceUrl=base + "/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    )
    method = getattr(client.comments(), question["method"])
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
