"""An audit as JUnit XML: each check is a test case, each signal a test suite."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from checks.results import AuditResult, CheckResult, State

if TYPE_CHECKING:
    from reports.wording import Wording


def junit(words: Wording, result: AuditResult) -> str:
    """Return the test report.

    A stable check that is present fails; what could not be observed or decided is skipped, never
    passed. An audit that cannot be trusted is an error of its own.

    Args:
        words: Language of the titles and sentences.
        result: What the audit found.
    """
    root = ElementTree.Element("testsuites", name="auditor")
    _suite(root, "audit", [_contract(words, result)])
    for signal in result.signals:
        cases = [_case(words, check) for check in result.checks if check.signal == signal.id]
        _suite(root, signal.id, cases)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _suite(root: ElementTree.Element, name: str, cases: list[ElementTree.Element]) -> None:
    counted = {"tests": str(len(cases)), "name": name}
    for plural, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        counted[plural] = str(sum(case.find(kind) is not None for case in cases))
    ElementTree.SubElement(root, "testsuite", counted).extend(cases)


def _contract(words: Wording, result: AuditResult) -> ElementTree.Element:
    from reports.verdict_view import broken_contract

    case = ElementTree.Element("testcase", classname="audit", name="intake-contract")
    if breaches := broken_contract(words, result):
        error = ElementTree.SubElement(case, "error", message=_line(breaches[0]))
        error.text = _line("\n".join(breaches))
    return case


def _case(words: Wording, check: CheckResult) -> ElementTree.Element:
    from reports.sentences import check_text, coded

    case = ElementTree.Element("testcase", classname=str(check.signal), name=check.check_id)
    text = _line(check_text(words, check, "fail"))
    if check.state is State.ERROR:
        ElementTree.SubElement(case, "error", message=_line(words("reason.error")))
    elif check.state is State.PRESENT and check.lifecycle == "stable":
        ElementTree.SubElement(case, "failure", message=text)
    elif check.state in (State.NOT_OBSERVABLE, State.INCONCLUSIVE):
        why = coded(words, "reason", check.reason or "unknown", check.reason_facts)
        ElementTree.SubElement(case, "skipped", message=_line(why))
    elif check.state is not State.ABSENT:
        ElementTree.SubElement(case, "system-out").text = text
    return case


def _line(text: str) -> str:
    """Return text that XML can hold: no control characters but line breaks."""
    return "".join(c for c in text if c == "\n" or c.isprintable())
