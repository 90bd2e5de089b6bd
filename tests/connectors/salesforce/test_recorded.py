"""What the fake org answers has the shape of what Salesforce answered when it was recorded."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from connectors.http.advice import Answer, Move
from connectors.salesforce.answers import complaint, judge
from tests.fakes.salesforce.faults import answers
from tests.fakes.salesforce.process import RunningOrg, running
from tests.fakes.salesforce.tokens import GIVEN_TOKEN

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "salesforce"

if not RECORDED.exists() and os.environ.get("CI") != "true":
    pytest.skip(f"the recorded answers are not in {RECORDED}", allow_module_level=True)

pytestmark = pytest.mark.shared
BASE = "/services/data/v62.0"


@pytest.fixture(scope="module")
def shared_org(files: Path) -> Iterator[RunningOrg]:
    """An org with pages of one record, as those that were recorded."""
    with running(files, rest_page=1, bulk_page=1) as org:
        yield org


def recorded(name: str) -> Any:
    return json.loads((RECORDED / name).read_text("utf-8"))


def ask(org: RunningOrg, path: str, token: str = GIVEN_TOKEN, body: Any = None) -> Any:
    """Return status, headers and body of what the fake answers."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(org.host + path, data, {"Authorization": f"Bearer {token}"})
    try:
        with urlopen(request) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def soql(text: str) -> str:
    return f"{BASE}/query?q={quote(text)}"


def test_an_empty_result(org: RunningOrg) -> None:
    there = recorded("query_200_empty.json")
    status, headers, body = ask(org, soql("SELECT Id FROM Lead WHERE Id = 'none'"))
    assert (status, json.loads(body)) == (there["status"], there["body"])
    assert headers["Content-Type"] == there["headers"]["Content-Type"]
    assert headers["Sforce-Limit-Info"].startswith("api-usage=")


def test_one_record(org: RunningOrg) -> None:
    there = recorded("query_200_one.json")["body"]
    _, _, body = ask(org, soql("SELECT Id FROM Lead LIMIT 1"))
    found = json.loads(body)
    assert list(found) == list(there)
    (record,), (real,) = found["records"], there["records"]
    assert list(record) == list(real)
    assert list(record["attributes"]) == list(real["attributes"])
    assert record["attributes"]["url"] == f"{BASE}/sobjects/Lead/{record['Id']}"


def test_pages(org: RunningOrg) -> None:
    first = recorded("restforce_query_paginated_first_page_response.json")
    last = recorded("restforce_query_paginated_last_page_response.json")
    _, _, body = ask(org, soql("SELECT Id FROM Lead LIMIT 2"))
    found = json.loads(body)
    assert list(found) == list(first)
    assert found["nextRecordsUrl"].rpartition("/")[0] == f"{BASE}/query"
    _, _, body = ask(org, found["nextRecordsUrl"])
    assert list(json.loads(body)) == list(last)


def test_a_session_that_is_not_valid(org: RunningOrg) -> None:
    status, _, body = ask(org, f"{BASE}/limits", token="stale")
    assert (status, json.loads(body)) == (401, recorded("restforce_invalid_session_401.json"))


def test_describe_names_fields_as_it_does(org: RunningOrg) -> None:
    there = {field["name"]: field for field in recorded("describe_lead_v42.json")["fields"]}
    _, _, body = ask(org, f"{BASE}/sobjects/Lead/describe")
    for field in json.loads(body)["fields"]:
        real = there[field["name"]]
        assert field.keys() <= real.keys()
        assert field["type"] == real["type"], field["name"]
        assert field["custom"] == real["custom"]
        assert field["relationshipName"] == real["relationshipName"] or field["name"] == "OwnerId"


def test_a_page_of_a_bulk_job(org: RunningOrg) -> None:
    head, _, text = (RECORDED / "bulk2_result_page.txt").read_text("utf-8").partition("\n\n")
    there = Parser().parsestr(head.partition("\n")[2])
    body = {"operation": "query", "query": "SELECT Id, Name FROM User"}
    job = json.loads(ask(org, f"{BASE}/jobs/query", body=body)[2])["id"]
    while json.loads(ask(org, f"{BASE}/jobs/query/{job}")[2])["state"] != "JobComplete":
        pass
    status, headers, page = ask(org, f"{BASE}/jobs/query/{job}/results")
    assert status == 200
    for name in there:
        assert name in headers, name
    assert headers["Sforce-NumberOfRecords"] == "1"
    assert page.splitlines()[0] == text.splitlines()[0]
    _, headers, again = ask(org, f"{BASE}/jobs/query/{job}/results?locator=MQ")
    assert again.splitlines()[0] == page.splitlines()[0]


def test_a_field_that_is_not_there(org: RunningOrg) -> None:
    real = next(
        entry["body"][0]
        for entry in recorded("errors_quoted.json")
        if "body" in entry and entry["body"][0]["errorCode"] == "INVALID_FIELD"
    )
    status, _, body = ask(org, soql("SELECT Id, CleanStatus FROM Account"))
    (found,) = json.loads(body)
    assert status == 400
    assert found["errorCode"] == real["errorCode"]
    assert found["message"].splitlines()[-1] == real["message"].splitlines()[-1]


MEANING = {
    "Session expired or invalid": Move.RENEW,
    "This session is not valid for use with the REST API": Move.STOP,
    "TotalRequests Limit exceeded.": Move.STOP,
    "ConcurrentRequests (Concurrent API Requests) Limit exceeded.": Move.WAIT,
    "Your query request was running for too long.": Move.STOP,
    "The requested resource does not exist": Move.STOP,
}


def test_every_recorded_error_is_understood_and_known_to_the_fake() -> None:
    faked = {complaint(text.encode()).text for _, _, text in answers().values()}
    for entry in recorded("errors_quoted.json"):
        if "body" not in entry:
            continue
        body = json.dumps(entry["body"]).encode()
        advice = judge(Answer(entry["status"], {}, body, now=0.0))
        text = entry["body"][0]["message"]
        assert advice.move is MEANING.get(text, Move.STOP), text
        assert advice.error is not None
        assert advice.error.next_step
        if entry["status"] in (401, 403) or "too long" in text:
            assert text in faked, text
