"""What the origin of a change tells: whether a person made it, or a program."""

from __future__ import annotations

import pytest

from connectors.engines.duckdb import Engine


@pytest.mark.parametrize(
    ("origin", "by_program"),
    [
        ("CRM_UI", False),
        ("CRM_UI_BULK_ACTION", False),
        ("MOBILE_IOS", False),
        ("SALES", False),
        ("Salesforce Inbox", False),
        ("Bottleneck review", False),
        (None, False),
        ("SALESFORCE", True),
        ("BOT", True),
        ("AI_BOT", True),
        ("DATA_ENRICHMENT", True),
        ("INTEGRATIONS_PLATFORM", True),
        ("AUTOMATION_PLATFORM", True),
        ("IMPORT", True),
        ("API", True),
        ("CALCULATED", True),
    ],
)
def test_programs_are_told_from_people(origin: str | None, by_program: bool) -> None:
    engine = Engine()
    assert engine.value("select made_by_program(?)", [origin]) is by_program
    engine.close()


@pytest.mark.parametrize(
    ("origin", "written_down", "done"),
    [
        ("EMAIL", True, False),
        ("EMAIL_INTEGRATION", True, False),
        ("GMAIL_INTEGRATION", True, False),
        ("BCC_TO_CRM", True, False),
        ("Outlook sync", True, False),
        ("INTEGRATION", True, False),
        ("INTEGRATIONS_PLATFORM", True, False),
        ("IMPORT", False, True),
        ("WORKFLOWS", False, True),
        ("CRM_UI", False, False),
        (None, False, False),
    ],
)
def test_what_a_program_wrote_down_a_person_may_have_done(
    origin: str | None, written_down: bool, done: bool
) -> None:
    engine = Engine()
    told = engine.rows("select logged_by_program($1), done_by_program($1)", [origin])
    assert told == [(written_down, done)]
    engine.close()
