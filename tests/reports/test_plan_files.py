"""The action plan as minutes, as a spreadsheet and as reminders, also under attack."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from checks.blocks import RhythmBlock
from reports.minutes import minutes
from reports.plan_calendar import plan_calendar
from reports.plan_csv import plan_csv
from reports.wording import Wording
from reports.worklists import FORMULA_STARTS
from tests.reports.hostile import SCRIPT, TEXTS, poisoned
from tests.reports.sample_audit import sample_result
from tests.reports.sample_blocks import a_week

EN, FR = Wording("en"), Wording("fr")
AS_OF = date(2026, 11, 30)


def events(result, words=EN):
    return list(Calendar.from_ical(plan_calendar(words, result)).walk("VEVENT"))


def series(event):
    return dict(event["RRULE"].items()) if "RRULE" in event else None


def styled(style):
    run = sample_result().run
    return sample_result(run=run.model_copy(update={"parameters": {"csv_style": style}}))


def rows(text, separator):
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator))


def with_texts(text):
    """Return the sample with one text in place of every word of its first action."""
    action, *others = sample_result().actions
    words = dict.fromkeys(("title", "do", "scope"), text)
    changed = action.model_copy(update={"text": {"en": words, "fr": words}, "owner": text})
    return sample_result(actions=[changed, *others])


def test_minutes_say_who_does_what_when_and_how_one_will_know():
    heading, first, *_ = minutes(EN, sample_result()).split("\n\n")
    assert heading == "Action plan, acme-export: after the CRM audit as of 30 November 2026"
    assert first.split("\n") == [
        "1. Review the pipeline every week, in the CRM",
        "   - Thirty minutes, with the CRM on the screen.",
        "   - Sales manager. Every week, pipeline review. To be done by 29 January 2027.",
        "   - Goal: Open deals past their close date: 41% today, at most 5% by 29 January 2027",
        "   - Start from: worklists/open-deal-past-close-date.csv, "
        "worklists/open-deal-without-next-step.csv",
    ]


def test_minutes_are_in_the_language_of_the_reader():
    text = minutes(FR, sample_result())
    assert "À faire avant le 29 janvier 2027" in text
    assert re.search("Objectif\u00a0: .*\u00a0: 41\u00a0% aujourd’hui, 5\u00a0% au plus", text)


def test_without_actions_there_are_no_minutes():
    assert minutes(EN, sample_result(actions=[])) == ""


def test_a_spreadsheet_gets_one_line_an_action_with_figures_that_count():
    head, first, *others = rows(plan_csv(EN, styled("us")), ",")
    assert len(others) == 2
    line = dict(zip(head, first, strict=True))
    assert line["Action"] == "Review the pipeline every week, in the CRM"
    assert float(line["Share today"]) == pytest.approx(212 / 517, abs=1e-4)
    assert (line["Share to reach"], line["Due"]) == ("0.05", "2027-01-29")
    assert (line["Money touched"], line["Currency"]) == ("2400000.00", "EUR")


def test_a_european_spreadsheet_gets_semicolons_commas_and_its_mark():
    text = plan_csv(FR, styled("eu"))
    assert text.startswith("\ufeff")
    head, first, *_ = rows(text, ";")
    line = dict(zip(head, first, strict=True))
    assert (line["Part à atteindre"], line["Montant touché"]) == ("0,05", "2400000,00")


def test_reminders_come_back_as_often_as_the_cadence_says():
    found = [
        (str(event["SUMMARY"]), series(event), event.decoded("DTSTART"))
        for event in events(sample_result())
    ]
    year = date(2027, 11, 30)
    assert found == [
        (
            "Review the pipeline every week, in the CRM",
            {"FREQ": ["WEEKLY"], "UNTIL": [year]},
            date(2026, 12, 7),
        ),
        ("Is it done? Review the pipeline every week, in the CRM", None, date(2027, 1, 29)),
        (
            "One list of values",
            {"FREQ": ["MONTHLY"], "BYDAY": ["1MO"], "UNTIL": [year]},
            date(2026, 12, 7),
        ),
        ("Is it done? One list of values", None, date(2026, 12, 30)),
        ("Is it done? Name who trains newcomers", None, date(2027, 1, 29)),
    ]


@pytest.mark.parametrize(
    ("cadence", "as_of", "first"),
    [
        ("daily", date(2026, 12, 4), date(2026, 12, 7)),  # a Friday
        ("daily", date(2026, 12, 1), date(2026, 12, 2)),
        ("weekly", date(2026, 12, 6), date(2026, 12, 7)),
        ("weekly", date(2026, 12, 7), date(2026, 12, 14)),
        ("monthly", date(2026, 12, 6), date(2026, 12, 7)),
        ("monthly", date(2026, 12, 7), date(2027, 1, 4)),
        ("quarterly", date(2027, 1, 31), date(2027, 2, 1)),
    ],
)
def test_the_first_day_of_a_series_comes_after_the_audit_and_follows_its_rule(
    cadence, as_of, first
):
    action = sample_result().actions[0].model_copy(update={"cadence": cadence})
    run = sample_result().run.model_copy(update={"as_of": as_of})
    event = events(sample_result(run=run, actions=[action]))[0]
    assert event.decoded("DTSTART") == first


@pytest.mark.parametrize(
    ("ritual", "day"), [("present", date(2026, 12, 3)), ("none", date(2026, 12, 7))]
)
def test_a_review_that_can_be_seen_keeps_its_day_and_one_that_cannot_is_held_on_mondays(
    ritual, day
):
    team = a_week(ritual=ritual, day=4)  # a Thursday; without a review, what comes nearest to one
    found = events(sample_result(rhythm=RhythmBlock(everybody=team)))
    assert found[0].decoded("DTSTART") == day
    assert found[2].decoded("DTSTART").weekday() == 0  # another meeting


def test_reminders_carry_no_clock_and_know_their_action_again():
    first, again = plan_calendar(EN, sample_result()), plan_calendar(EN, sample_result())
    assert first == again
    stamps = {event.decoded("DTSTAMP").date() for event in events(sample_result())}
    assert stamps == {AS_OF}
    later = sample_result(
        run=sample_result().run.model_copy(update={"as_of": AS_OF + timedelta(days=31)})
    )
    identities = [[str(event["UID"]) for event in events(one)] for one in (sample_result(), later)]
    assert identities[0] == identities[1] == list(dict.fromkeys(identities[0]))
    assert [str(event["UID"]) for event in events(sample_result(), FR)] == identities[0]
    assert events(later)[0]["SEQUENCE"] - events(sample_result())[0]["SEQUENCE"] == 31


def test_every_reminder_rings_before_its_day_and_blocks_none():
    for event in events(sample_result()):
        (alarm,) = event.walk("VALARM")
        assert alarm.decoded("TRIGGER") < timedelta(0)
        assert event["TRANSP"] == "TRANSPARENT"
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(days=1)


INJECTION = (
    "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\nATTACH:file:///etc/passwd\u2028X-B:1;b,c\\n" + "é" * 90
)


@pytest.mark.parametrize("text", [INJECTION, *TEXTS])
def test_hostile_words_stay_words_in_a_calendar(text):
    raw = plan_calendar(EN, with_texts(text))
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(re.search(rb"[\r\n\x00-\x08\x0b-\x1f]", line) for line in lines)
    unfolded = raw.replace(b"\r\n ", b"").split(b"\r\n")
    assert unfolded.count(b"BEGIN:VEVENT") == unfolded.count(b"END:VEVENT") == 5
    assert {line.split(b":")[0].split(b";")[0] for line in unfolded if line} == {
        *(b"BEGIN", b"END", b"PRODID", b"VERSION", b"METHOD", b"X-WR-CALNAME", b"UID", b"DTSTAMP"),
        *(b"SEQUENCE", b"SUMMARY", b"DESCRIPTION", b"DTSTART", b"DTEND", b"TRANSP", b"CATEGORIES"),
        *(b"ACTION", b"TRIGGER", b"RRULE"),
    }


@pytest.mark.parametrize("style", ["us", "eu"])
@pytest.mark.parametrize("text", [INJECTION, *TEXTS])
def test_hostile_words_stay_words_in_a_spreadsheet(text, style):
    result = with_texts(text).model_copy(update={"run": styled(style).run})
    table = rows(plan_csv(EN, result), ";" if style == "eu" else ",")
    assert len(table) == 4
    assert {len(row) for row in table} == {14}
    assert not any(cell.startswith(FORMULA_STARTS) for row in table for cell in row)


def test_hostile_words_stay_words_in_minutes():
    text = minutes(EN, poisoned(sample_result()))
    assert not re.search(r"(?<!\\)[<\[`]", text)
    assert SCRIPT.replace("<", "\\<").replace(">", "\\>")[:30] in text
    assert len(re.findall(r"^\d+\. ", text, re.MULTILINE)) == 3
    assert "\u202e" not in text
