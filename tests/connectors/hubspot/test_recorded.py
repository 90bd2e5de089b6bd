"""What HubSpot really answered is understood, and the fake answers like it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.http.advice import Answer, Move
from connectors.hubspot.answers import allowed_in_ten_seconds, judge, usage_of
from tests.fakes.hubspot.faults import answers
from tests.fakes.hubspot.process import RunningPortal
from tests.fakes.hubspot.server import GIVEN_TOKEN

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "hubspot"
pytestmark = pytest.mark.skipif(not RECORDED.exists(), reason="recorded answers are not here")


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


def answer(told: dict[str, Any]) -> Answer:
    body = told["body"]
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Answer(told["status"], told.get("headers", {}), content, 0.0)


def quoted(status: int, word: str) -> dict[str, Any]:
    return next(
        each
        for each in recorded("errors_quoted")
        if each["status"] == status and word in json.dumps(each["body"])
    )


def test_a_search_that_came_too_soon_waits_a_second() -> None:
    told = judge(answer(recorded("search_429_secondly_without_rate_headers")))
    assert (told.move, told.seconds) == (Move.WAIT, 1.0)


@pytest.mark.parametrize(
    ("word", "move", "seconds"),
    [
        ("TEN_SECONDLY_ROLLING", Move.WAIT, 10.0),
        ('"SECONDLY"', Move.WAIT, 1.0),
        ("DAILY", Move.STOP, None),
    ],
)
def test_each_policy_is_told_from_the_others(word: str, move: Move, seconds: float | None) -> None:
    told = judge(answer(quoted(429, word)))
    assert (told.move, told.seconds) == (move, seconds)


@pytest.mark.parametrize("word", ["requiredScopes", "requiredGranularScopes"])
def test_scopes_are_named(word: str) -> None:
    told = judge(answer(quoted(403, word)))
    (context,) = [each["context"] for each in quoted(403, word)["body"]["errors"]]
    assert told.error is not None
    assert context[word][0] in str(told.error)


def test_every_error_stops_or_waits_with_a_sentence() -> None:
    for each in recorded("errors_quoted"):
        told = judge(answer(each))
        assert told.move is not Move.TAKE, each["source"]
        assert told.error is not None, each["source"]


def test_limits_are_read_from_the_headers() -> None:
    told = answer(recorded("batch_update_200_full_rate_headers"))
    used = usage_of(told)
    assert used is not None
    assert (used.used, used.most) == (250_000 - 248_697, 250_000)
    assert allowed_in_ten_seconds(told) == 100
    searched = answer(recorded("search_200_two_results"))
    assert allowed_in_ten_seconds(searched) is None


def test_the_fake_answers_in_the_same_shape(portal: RunningPortal) -> None:
    def ask(path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {GIVEN_TOKEN}"}
        return requests.post(portal.host + path, json=body, headers=headers, timeout=5)

    page = ask("/crm/v3/objects/companies/search", {"limit": 2, "properties": ["domain"]}).json()
    real = recorded("search_200_two_results")["body"]
    assert real.keys() <= page.keys()
    assert real["results"][0].keys() <= page["results"][0].keys()
    number = ask("/crm/v3/objects/deals/search", {"limit": 1}).json()["results"][0]["id"]
    body = {"inputs": [{"id": number}], "propertiesWithHistory": ["dealstage"]}
    answered = ask("/crm/v3/objects/deals/batch/read", body)
    (version, *_) = answered.json()["results"][0]["propertiesWithHistory"]["dealstage"]
    (told,) = recorded("history_page_200")["body"]["results"][0]["propertiesWithHistory"][
        "is_verified"
    ]
    assert version.keys() == told.keys()
    headers = recorded("batch_update_200_full_rate_headers")["headers"]
    limits = {name for name in headers if "RateLimit" in name and "Secondly" not in name}
    assert limits <= answered.headers.keys()


def test_the_fake_refuses_in_the_same_words() -> None:
    status, _, text = answers()["429_ten_secondly"]
    real = quoted(429, "TEN_SECONDLY_ROLLING")
    assert status == real["status"]
    assert json.loads(text).keys() <= real["body"].keys()
    assert json.loads(text)["message"] == real["body"]["message"]
