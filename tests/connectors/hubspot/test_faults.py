"""Whatever HubSpot answers: the same records, or one sentence that says why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.exit_codes import ExitCode, code_of
from connectors.errors import AuditorError, PermissionDeniedError, SourceUnreachableError
from connectors.http.gaps import gaps_of
from connectors.snapshot import Availability
from tests.connectors.any_script import ANY_SCRIPT
from tests.connectors.clocks import Skipping
from tests.connectors.hubspot.conftest import PAGES
from tests.connectors.hubspot.pulling import Records, pull, records_of
from tests.fakes.hubspot.process import RunningPortal, running


@pytest.mark.parametrize(
    "fault",
    [
        "429_secondly",
        "429_bare",
        "429_ten_secondly",
        "429_1015",
        "423",
        "477_second",
        "500",
        "502_html",
        "503_date",
        "504_html",
        "html",
        "cut",
        "quiet_cut",
        "reset",
        "stall",
        "repeat_row",
        "empty_page",
    ],
)
@pytest.mark.parametrize("on", ["GET /crm/v3/objects/deals", "batch/read"])
def test_what_passes_leaves_no_trace(
    fault: str, on: str, portal: RunningPortal, tmp_path: Path, undisturbed: Records
) -> None:
    portal.script({"fault": fault, "on": on, "nth": 2})
    assert records_of(pull(portal, tmp_path)) == undisturbed
    assert portal.back_door()["struck"] == 1


@pytest.mark.parametrize("fault", ["repeat_row", "empty_page"])
@pytest.mark.parametrize("on", ["properties/deals", "pipelines", "owners"])
def test_what_is_listed_twice_or_not_at_first_leaves_no_trace(
    fault: str, on: str, portal: RunningPortal, tmp_path: Path, undisturbed: Records
) -> None:
    portal.script({"fault": fault, "on": on})
    assert records_of(pull(portal, tmp_path)) == undisturbed
    assert portal.back_door()["struck"] == 1


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        ("429_secondly", 1.0),
        ("429_bare", 1.0),
        ("429_ten_secondly", 10.0),
        ("429_1015", 10.0),
        ("423", 2.0),
        ("477_second", 1.0),
    ],
)
def test_each_limit_has_its_wait(
    fault: str, seconds: float, portal: RunningPortal, tmp_path: Path
) -> None:
    clock = Skipping()
    portal.script({"fault": fault, "on": "objects/contacts"})
    pull(portal, tmp_path, clock=lambda: clock)
    assert clock.waits == [seconds]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("429_daily", "used up its calls of the day"),
        ("429_bare", "others are calling the portal too much"),
        ("477_hours", r"another data centre\. Run again in 2 hour\(s\)"),
        ("502_html", r"not available \(status 502\)"),
        ("cut", "cut off or unreadable|cannot be reached"),
        ("empty_page", "cut off or unreadable"),
    ],
)
def test_what_does_not_pass_is_one_sentence_and_nothing_is_lost(
    fault: str, sentence: str, portal: RunningPortal, tmp_path: Path, undisturbed: Records
) -> None:
    portal.script({"fault": fault, "on": "objects/contacts", "nth": 2, "times": -1})
    with pytest.raises(SourceUnreachableError, match=sentence):
        pull(portal, tmp_path)
    portal.script()
    assert records_of(pull(portal, tmp_path)) == undisturbed


@pytest.mark.parametrize("fault", ["401_expired", "401_invalid", "530", "revoke"])
def test_a_token_that_is_refused_stops_the_pull(
    fault: str, portal: RunningPortal, tmp_path: Path, undisturbed: Records
) -> None:
    portal.script({"fault": fault, "on": "objects/contacts", "nth": 2, "times": -1})
    with pytest.raises(PermissionDeniedError, match=r"not accepted|has expired"):
        pull(portal, tmp_path)
    portal.back_door(script=[], reset=True)
    assert records_of(pull(portal, tmp_path)) == undisturbed


@pytest.mark.parametrize("shape", ["requiredScopes", "requiredGranularScopes", "missingScopes"])
def test_a_missing_scope_is_a_gap_that_names_it(shape: str, files: Path, tmp_path: Path) -> None:
    lacking = ["crm.objects.companies.read", "crm.schemas.contacts.read"]
    with running(files, missing=lacking, shape=shape, **PAGES) as portal:
        store = pull(portal, tmp_path)
    found = {(gap.source, gap.state, gap.ask) for gap in gaps_of(store)}
    assert ("companies", Availability.NO_PERMISSION, lacking[0]) in found
    assert ("deals.companies", Availability.NO_PERMISSION, lacking[0]) in found
    assert records_of(store)["contacts"][1:]  # read without the list of their properties


def test_an_address_that_is_too_long_is_made_short(
    files: Path, tmp_path: Path, undisturbed: Records
) -> None:
    with running(files, longest=250, **PAGES) as portal:
        store = pull(portal, tmp_path)
        assert portal.violations == []
    assert store.of("deals.values")
    assert records_of(store) == undisturbed


def test_a_proxy_that_takes_no_long_address_is_served(
    portal: RunningPortal, tmp_path: Path, undisturbed: Records
) -> None:
    portal.script({"fault": "414_html", "on": "objects/contacts", "nth": 2})
    assert records_of(pull(portal, tmp_path)) == undisturbed


def test_links_of_a_record_may_take_several_pages(
    files: Path, tmp_path: Path, undisturbed: Records
) -> None:
    with running(files, link_page=1, **PAGES) as portal:
        assert records_of(pull(portal, tmp_path)) == undisturbed


def test_a_refresh_token_is_exchanged_and_exchanged_again(
    portal: RunningPortal, tmp_path: Path, undisturbed: Records
) -> None:
    portal.script({"fault": "401_expired", "on": "objects/contacts", "nth": 2})
    secrets = {"env:TOKEN": "refresh", "env:APP": "shhh"}
    told = {"sign_in": "oauth", "client_id": "client", "client_secret": "env:APP"}
    before = portal.sign_ins
    found = records_of(pull(portal, tmp_path, secrets=secrets, **told))
    assert found == undisturbed
    assert portal.sign_ins == before + 2


def test_a_refresh_token_that_is_refused_is_said(portal: RunningPortal, tmp_path: Path) -> None:
    secrets = {"env:TOKEN": "stale", "env:APP": "shhh"}
    told = {"sign_in": "oauth", "client_id": "client", "client_secret": "env:APP"}
    with pytest.raises(PermissionDeniedError, match="refresh token or the OAuth app"):
        pull(portal, tmp_path, secrets=secrets, **told)


_FAULTS = (
    *("429_secondly", "429_bare", "429_ten_secondly", "429_daily", "429_1015", "423"),
    *("477_second", "477_hours", "500", "502_html", "503_date", "504_html", "html", "414_html"),
    *("cut", "quiet_cut", "reset", "repeat_row", "empty_page", "401_expired", "revoke", "530"),
)
_SCRIPTS = st.lists(
    st.fixed_dictionaries(
        {
            "fault": st.sampled_from(_FAULTS),
            "on": st.sampled_from(
                ("", "GET", "POST", "objects/deals", "batch/read", "associations", "owners",
                 "pipelines", "properties", "archived=true", "account-info")
            ),
            "nth": st.integers(1, 30),
            "times": st.sampled_from((1, 1, 2, 3, 8, -1)),
        }
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@pytest.mark.parametrize("examples", [4, pytest.param(200, marks=pytest.mark.long)])
def test_no_script_of_faults_leaves_a_silent_gap(
    examples: int,
    portal: RunningPortal,
    tmp_path_factory: pytest.TempPathFactory,
    undisturbed: Records,
) -> None:
    @settings(ANY_SCRIPT, max_examples=examples)
    @given(script=_SCRIPTS)
    def holds(script: list[dict[str, Any]]) -> None:
        portal.back_door(script=script, reset=True)
        folder = tmp_path_factory.mktemp("pull")
        # No fault stalls, so an answer that takes its time is that of a busy machine.
        patience = 60.0
        try:
            found = records_of(pull(portal, folder, timeout=patience))
        except AuditorError as error:
            assert code_of(error) is ExitCode.SOURCE_UNREACHABLE
            assert error.next_step
            portal.back_door(script=[], reset=True)
            found = records_of(pull(portal, folder, timeout=patience))  # and goes on
        assert found == undisturbed

    holds()
