"""Whatever goes wrong on the way: the same records, or one sentence and exit code 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.exit_codes import ExitCode, code_of
from connectors.errors import AuditorError, PermissionDeniedError, SourceUnreachableError
from tests.connectors.any_script import ANY_SCRIPT
from tests.connectors.salesforce.conftest import PAGES
from tests.connectors.salesforce.pulling import Records, as_text, pull, records_of
from tests.fakes.salesforce.process import RunningOrg, running
from tests.fakes.salesforce.tokens import CONSUMER_KEY, CONSUMER_SECRET

#: Signing in so that it can be done again.
APP = {
    "sign_in": "client-credentials",
    "consumer_key": CONSUMER_KEY,
}
LATER_PAGE, BULK_PAGE, LOOK, JOB = "/query(All)?/01g", "/results", "jobs/query/750", "POST .*/jobs"

PASSING: dict[str, list[dict[str, Any]]] = {
    "the session expires once": [{"fault": "unauthorised", "on": LATER_PAGE}],
    "the session expires while a bulk result is read": [{"fault": "expire", "on": BULK_PAGE}],
    "others call too much": [{"fault": "concurrent", "on": "/query", "times": 2}],
    "status 420": [{"fault": "420", "on": LATER_PAGE}],
    "status 429 without a word": [{"fault": "429", "on": "/query", "times": 3}],
    "status 429 with seconds": [{"fault": "429_after", "on": BULK_PAGE}],
    "status 500": [{"fault": "500", "on": LOOK}],
    "status 502 with a page of HTML": [{"fault": "502_html", "on": "describe"}],
    "status 503 with a date": [{"fault": "503_date", "on": LATER_PAGE}],
    "a page of HTML with status 200": [{"fault": "html", "on": LATER_PAGE}],
    "HTML instead of a new job": [{"fault": "html", "on": JOB}],
    "the connection breaks off": [{"fault": "reset", "on": "/query", "times": 2}],
    "no answer in time": [{"fault": "stall", "on": LATER_PAGE}],
    "a page is cut": [{"fault": "cut", "on": LATER_PAGE}],
    "a bulk page is cut": [{"fault": "cut", "on": BULK_PAGE, "times": 2}],
    "a page is cut, and its length with it": [{"fault": "quiet_cut", "on": LATER_PAGE}],
    "a bulk page is cut within a cell": [{"fault": "quiet_cut", "on": BULK_PAGE}],
    "a bulk page is cut between records": [{"fault": "quiet_cut_between", "on": BULK_PAGE}],
    "a bulk page does not say where it goes on": [{"fault": "no_locator", "on": BULK_PAGE}],
    "a bulk page does not say how many it holds": [{"fault": "no_number", "on": BULK_PAGE}],
    "the cursor is gone": [{"fault": "locator_gone", "on": LATER_PAGE}],
    "all cursors are forgotten": [{"fault": "forget_cursors", "on": LATER_PAGE, "nth": 3}],
    "a job fails": [{"fault": "job_failed", "on": LOOK}],
    "somebody aborts the job": [{"fault": "job_aborted", "on": LOOK}],
    "an object is refused by the Bulk API": [{"fault": "no_bulk", "on": JOB}],
    "a query takes too long": [{"fault": "query_timeout", "on": "SELECT Id.*FROM Contact"}],
    "a job takes too long": [{"fault": "query_timeout", "on": JOB, "times": 2}],
    "a record comes twice": [{"fault": "repeat_row", "on": LATER_PAGE, "times": 3}],
    "every answer tells something twice": [{"fault": "repeat_row", "times": -1}],
}

ENDING: dict[str, tuple[list[dict[str, Any]], str]] = {
    "the calls of the day are used up": (
        [{"fault": "daily", "on": BULK_PAGE, "times": -1}],
        "used up its calls",
    ),
    "a session of the wrong kind": (
        [{"fault": "wrong_kind_of_session", "on": "/limits", "times": -1}],
        "may not use the REST API",
    ),
    "the API is switched off": (
        [{"fault": "api_disabled", "on": "/sobjects", "times": -1}],
        "switched off",
    ),
    "status 500 for ever": (
        [{"fault": "500", "on": LATER_PAGE, "times": -1}],
        "not available",
    ),
    "no answer for ever": (
        [{"fault": "reset", "on": LATER_PAGE, "times": -1}],
        "cannot be reached",
    ),
    "a bulk page never says where it goes on": (
        [{"fault": "no_locator", "on": BULK_PAGE, "times": -1}],
        "cut off or unreadable",
    ),
    "a bulk page is always cut between records": (
        [
            {"fault": "quiet_cut_between", "on": BULK_PAGE, "times": -1},
        ],
        "cut off or unreadable",
    ),
    "a query takes too long for any span": (
        [{"fault": "query_timeout", "on": "SELECT Id.*FROM Contact", "times": -1}],
        "even for a short span",
    ),
    "jobs always fail": (
        [{"fault": "job_failed", "on": LOOK, "times": -1}],
        "came incomplete",
    ),
}


@pytest.fixture(scope="module")
def shared_org(files: Path) -> Iterator[RunningOrg]:
    """An org for all tests of this module."""
    with running(files, **PAGES) as org:
        yield org
        assert org.violations == []


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_leaves_the_records_as_they_are(
    name: str, org: RunningOrg, tmp_path: Path, undisturbed: Records
) -> None:
    org.script(*PASSING[name])
    found = records_of(pull(org, tmp_path, secret=CONSUMER_SECRET, **APP))
    assert as_text(found) == as_text(undisturbed)
    assert org.back_door()["struck"] > 0


@pytest.mark.parametrize("name", ENDING)
def test_what_does_not_pass_ends_in_one_sentence(
    name: str, org: RunningOrg, tmp_path: Path
) -> None:
    script, sentence = ENDING[name]
    org.script(*script)
    with pytest.raises((SourceUnreachableError, PermissionDeniedError)) as ended:
        pull(org, tmp_path, secret=CONSUMER_SECRET, **APP)
    assert sentence in str(ended.value)
    assert ended.value.next_step
    assert "\n" not in str(ended.value)
    assert code_of(ended.value) is ExitCode.SOURCE_UNREACHABLE


def test_what_ended_goes_on_without_pulling_again(
    org: RunningOrg, tmp_path: Path, undisturbed: Records
) -> None:
    org.script({"fault": "daily", "on": BULK_PAGE, "nth": 3, "times": -1})
    with pytest.raises(SourceUnreachableError):
        pull(org, tmp_path)
    before = _fetches(org)
    org.back_door(script=[], reset=True)
    found = records_of(pull(org, tmp_path))
    assert as_text(found) == as_text(undisturbed)
    whole = before + _fetches(org)
    org.back_door(reset=True)
    pull(org, tmp_path / "anew")
    assert whole <= _fetches(org) + 6  # the pages that were refused
    assert [request for request in org.requests if "describe" in request] != []


def _fetches(org: RunningOrg) -> int:
    """Count queries, jobs and pages; how often a job is looked at depends on the machine."""
    asked = [request for request in org.requests if "/query" in request]
    return len([request for request in asked if not re.search(r"/jobs/query/\w+$", request)])


def test_a_session_that_is_never_accepted_is_renewed_once(org: RunningOrg, tmp_path: Path) -> None:
    before = org.sign_ins
    org.script({"fault": "unauthorised", "on": "GET .*/query", "nth": 4, "times": -1})
    with pytest.raises(PermissionDeniedError, match="not accepted or has expired"):
        pull(org, tmp_path, secret=CONSUMER_SECRET, readers=8, **APP)
    assert org.sign_ins - before <= 2  # the first one, and one more


def test_eight_readers_renew_an_expired_session_once(
    org: RunningOrg, tmp_path: Path, undisturbed: Records
) -> None:
    before = org.sign_ins
    org.script({"fault": "expire", "on": LATER_PAGE, "nth": 5})
    found = records_of(pull(org, tmp_path, secret=CONSUMER_SECRET, readers=8, **APP))
    assert as_text(found) == as_text(undisturbed)
    assert org.sign_ins - before == 2


def test_a_token_that_was_given_is_not_renewed(org: RunningOrg, tmp_path: Path) -> None:
    org.script({"fault": "unauthorised", "on": LATER_PAGE, "times": -1})
    with pytest.raises(PermissionDeniedError, match="Get a new token"):
        pull(org, tmp_path)


_FAULTS = (
    *("unauthorised", "expire", "concurrent", "daily", "query_timeout", "locator_gone", "no_bulk"),
    *("420", "429", "500", "502_html", "503_date", "html", "reset", "cut", "quiet_cut"),
    *("quiet_cut_between", "no_locator", "no_number", "repeat_row", "forget_cursors"),
    *("job_failed", "job_aborted"),
)
_SCRIPTS = st.lists(
    st.fixed_dictionaries(
        {
            "fault": st.sampled_from(_FAULTS),
            "on": st.sampled_from(
                ("", "GET .*/query", LATER_PAGE, BULK_PAGE, LOOK, JOB, "describe", "COUNT")
            ),
            "nth": st.integers(1, 30),
            "times": st.sampled_from((1, 1, 2, 3, 8, -1)),
        }
    ),
    min_size=1,
    max_size=6,
)


def _never_a_silent_gap(
    script: list[dict[str, Any]], org: RunningOrg, folder: Path, undisturbed: Records
) -> None:
    # No fault stalls, so an answer that takes its time is that of a busy machine.
    patient = {**APP, "secret": CONSUMER_SECRET, "timeout": 60.0}
    org.back_door(script=script)
    try:
        found = records_of(pull(org, folder, **patient))
    except AuditorError as error:
        assert code_of(error) is ExitCode.SOURCE_UNREACHABLE
        assert error.next_step
        org.back_door(script=[], reset=True)
        found = records_of(pull(org, folder, **patient))  # and goes on
    assert _in_columns_of(undisturbed, as_text(found)) == as_text(undisturbed)


def _in_columns_of(undisturbed: Records, found: Records) -> Records:
    """Leave out fields whose use could not be counted: they are pulled to be on the safe side."""
    kept = {}
    for name, (header, *rows) in found.items():
        known = undisturbed[name][0]
        assert set(known) <= set(header)
        kept[name] = [known, *(tuple(row[header.index(each)] for each in known) for row in rows)]
    return kept


@pytest.mark.parametrize("examples", [4, pytest.param(200, marks=pytest.mark.long)])
def test_no_script_of_faults_leaves_a_silent_gap(
    examples: int,
    org: RunningOrg,
    tmp_path_factory: pytest.TempPathFactory,
    undisturbed: Records,
) -> None:
    @settings(ANY_SCRIPT, max_examples=examples)
    @given(script=_SCRIPTS)
    def holds(script: list[dict[str, Any]]) -> None:
        _never_a_silent_gap(script, org, tmp_path_factory.mktemp("pull"), undisturbed)

    holds()
