"""What machines read of an audit: JUnit, OpenMetrics, a heartbeat, and conditions."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.auditor.commands import Finished
from tests.auditor.exports import deal
from tests.auditor.months import JULY, JUNE, LATE, Months


def overdue(count: int) -> list[dict[str, str]]:
    return [deal(n, **(LATE if n < count else {})) for n in range(100)]


def test_a_check_that_is_present_fails_in_junit_and_nothing_unseen_passes(months: Months) -> None:
    months.audit(JUNE, overdue(70), "--junit", months.folder / "junit.xml")
    root = ElementTree.parse(months.folder / "junit.xml").getroot()
    cases = {case.get("name"): case for case in root.iter("testcase")}
    states = {c["check_id"]: c["state"] for c in months.result(JUNE)["checks"]}
    assert set(cases) == {"intake-contract", *states}
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    assert failed == {name for name, state in states.items() if state == "present"}
    assert "open-deal-past-close-date" in failed
    skipped = {name for name, case in cases.items() if case.find("skipped") is not None}
    unseen = ("not_observable", "inconclusive")
    assert skipped == {name for name, state in states.items() if state in unseen}
    for suite in root.iter("testsuite"):
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))


def test_metrics_are_read_by_the_reference_parser(months: Months) -> None:
    months.audit(JUNE, overdue(10))
    months.audit(JULY, overdue(4), "--metrics", months.folder / "crm.prom")
    text = (months.folder / "crm.prom").read_text("utf-8")
    families = {one.name: one for one in text_string_to_metric_families(text)}
    moved = {s.labels["turn"]: s.value for s in families["auditor_findings_moved"].samples}
    assert (moved["resolved"], moved["persisting"]) == (6, 4)
    rates = {s.labels["check"]: s.value for s in families["auditor_check_rate"].samples}
    assert rates["open-deal-past-close-date"] == 0.04
    (verdict,) = [s for s in families["auditor_verdict"].samples if s.value]
    assert verdict.labels["auditor_verdict"] == months.result(JULY)["verdict"]["state"]
    assert "Ferme" not in text


def test_the_heartbeat_says_when_and_how_the_audit_ended(months: Months) -> None:
    beat = months.folder / "beat.json"
    months.audit(JUNE, overdue(70), "--heartbeat", beat, "--fail-on", "any-present,suspected")
    first = json.loads(beat.read_text())
    records = sum(table["rows"] for table in months.result(JUNE)["run"]["tables"].values())
    assert (first["as_of"], first["records"]) == (JUNE, records)
    months.audit(JULY, overdue(70)[60:], "--heartbeat", beat)
    assert json.loads(beat.read_text())["outcome"] == "broken"
    assert sorted(path.name for path in months.folder.glob("*beat*")) == ["beat.json"]


def fail_on(months: Months, condition: str) -> Finished:
    months.audit(JUNE, overdue(2))
    return months.audit(JULY, overdue(60), "--fail-on", condition)


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("check:open-deal-past-close-date>0.5", 1),
        ("check:open-deal-past-close-date>0.7", 0),
        ("check:open-deal-past-close-date", 1),
        ("drop>10", 1),
        ("drop>99", 0),
        ("index<90", 1),
        ("index<1", 0),
        ("signal:workarounds", 0),
        ("verdict", 0),
    ],
)
def test_a_condition_ends_the_audit_with_code_one(
    condition: str, code: int, months: Months
) -> None:
    assert fail_on(months, condition).code == code


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ("index<half", '"half" is no number'),
        ("signal:workaround", 'Did you mean "workarounds"?'),
        ("check:open-deal-past-close-dat>0.1", 'Did you mean "open-deal-past-close-date"?'),
        ("indx<50", "--fail-on does not take"),
        ("nonsense", "a signal: any-present or signal:workarounds;"),
        ("nonsense", "a figure: index<50, drop>10 or check:open-deal-past-close-date>0.1."),
    ],
)
def test_a_condition_that_is_not_understood_is_said(
    condition: str, complaint: str, months: Months
) -> None:
    finished = months.audit(JUNE, overdue(2), "--fail-on", condition)
    assert finished.code == 2
    assert complaint in finished.err
