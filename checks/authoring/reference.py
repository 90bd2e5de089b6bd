"""The reference of all checks in Markdown, made from their files: ``docs/checks.md``.

Its sentences are templates that a translation may replace; wording of a check comes from its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from checks.authoring.catalogue import Catalogue
from checks.results import SignalId
from checks.spec import CheckSpec, CheckText, Examples

_SIGNALS = {
    SignalId.INCOMPLETE_OR_OBSOLETE: "Signal 1: data are incomplete or obsolete",
    SignalId.INCONSISTENT_USE: "Signal 2: everyone uses the CRM in their own way",
    SignalId.WORKAROUNDS: "Signal 3: teams work around the CRM",
    SignalId.NOT_USED_FOR_DECISIONS: "Signal 4: nobody decides from the CRM",
}
_FAMILIES = {
    "completeness": "Completeness",
    "staleness": "Staleness",
    "validity": "Validity",
    "integrity": "Integrity",
    "timeliness": "Timeliness",
    "fields": "Fields",
    "stages": "Stages",
    "vocabulary": "Vocabulary",
    "amounts": "Amounts",
    "definitions": "Definitions",
    "unlogged": "Unlogged",
    "bursts": "Bursts",
    "deserts": "Deserts",
    "pointers": "Pointers",
    "side_masters": "Side masters",
    "consultation": "Consultation",
    "forecast": "Forecast",
    "churn": "Churn",
    "follow_up": "Follow-up",
    "ritual": "Ritual",
}
_LIFECYCLES = {"experimental": "experimental", "stable": "stable", "deprecated": "deprecated"}
_FOUNDATIONS = {
    "ritual": "what is missing is usually a ritual",
    "responsibility": "what is missing is usually a responsibility",
    "scenario": "what is missing is usually a usage scenario",
    "admin": "what is missing is usually a setting of the CRM",
}
_EFFORTS = {"S": "Effort: small", "M": "Effort: medium", "L": "Effort: large"}
_DEFECTS = {
    "skip": "- defect: `{defect}`; where that is unknown, a record is left out",
    "pass": "- defect: `{defect}`; where that is unknown, a record is counted as healthy",
    "defect": "- defect: `{defect}`; where that is unknown, a record is counted as a defect",
}
_EVIDENCE = {
    "declared": "- evidence: declared by people",
    "estimated": "- evidence: estimated",
}
_SYSTEMS = {"salesforce": "Salesforce", "hubspot": "HubSpot"}

_INTRODUCTION = """\
# Checks

Made from the check files by `make docs`; edit those, not this page.

A check examines a *population* and counts the records that show the *defect*. Up to the
tolerated rate the state is *absent*; it is *present* when the rate is above it with a
probability of 95 % and reaches the second rate. Below the least number of records it is
*inconclusive*, and where a column is missing it is *not observable*: never healthy. Every number
here is a default that `profile:` in `auditor.yaml` changes.
"""


def reference(
    catalogue: Catalogue, language: str = "en", translate: Callable[[str], str] = str
) -> str:
    """Return the reference of the checks given: the same text for the same files.

    A single check is described without the introduction and the table of contents.

    Args:
        catalogue: The checks.
        language: Language of the checks' own wording, and of numbers: ``en`` or ``fr``.
        translate: Turns an English template into that language.
    """
    words = _Words(language, translate)
    if len(catalogue.checks) == 1:
        return _entry(words, catalogue.checks[0], *catalogue.sources.values())
    parts = [words.told(_INTRODUCTION), _contents(words, catalogue)]
    for signal, of_signal in groupby(catalogue.checks, key=lambda spec: spec.signal):
        parts.append(f"## {words.told(_SIGNALS[signal])}\n")
        for family, of_family in groupby(of_signal, key=lambda spec: spec.family):
            parts.append(f"### {words.told(_FAMILIES[family])}\n")
            parts.extend(_entry(words, spec, catalogue.sources[spec.id]) for spec in of_family)
    return "\n".join(parts)


@dataclass(frozen=True)
class _Words:
    """One language: its sentences, its numbers, and its wording of a check."""

    language: str
    translate: Callable[[str], str]

    def told(self, template: str, **facts: object) -> str:
        """Return a sentence with its facts filled in."""
        return self.translate(template).format(**facts)

    def percent(self, rate: float) -> str:
        """Return a rate as a percentage with as many digits as it has."""
        from babel.numbers import format_decimal

        return format_decimal(rate * 100, "0.####", locale=self.language) + " %"

    def of(self, spec: CheckSpec) -> tuple[CheckText, CheckText]:
        """Return the wording of a check in this language, then in the other."""
        texts = (spec.text.en, spec.text.fr)
        return texts if self.language == "en" else texts[::-1]


def _contents(words: _Words, catalogue: Catalogue) -> str:
    headings = (
        words.told("code"),
        words.told("check"),
        words.told("table"),
        words.told("tolerated"),
        words.told("from"),
    )
    lines = [f"| {' | '.join(headings)} |", "|---|---|---|---|---|"]
    for spec in catalogue.checks:
        least = words.told("{count} records", count=spec.tolerance.n_min)
        lines.append(
            f"| {spec.code} | [{spec.id}](#{spec.id}) | {spec.table} "
            f"| {words.percent(spec.tolerance.t_lo)} | {least} |"
        )
    return "\n".join([*lines, ""])


def _entry(words: _Words, spec: CheckSpec, source: str) -> str:
    text, other = words.of(spec)
    parts = [
        f"#### {spec.id}",
        words.told(
            "**{title}** (`{code}`, version {version}, {lifecycle}) · *{other}*",
            title=text.title,
            code=spec.code,
            version=spec.version,
            lifecycle=words.told(_LIFECYCLES[spec.lifecycle]),
            other=other.title,
        ),
        "\n".join(_definition(words, spec)),
        words.told("**Why it matters.** {why}", why=text.why),
        words.told(
            "**What to do.** {fix} {effort}; {foundation}.",
            fix=text.fix,
            effort=words.told(_EFFORTS[spec.effort]),
            foundation=words.told(_FOUNDATIONS[spec.foundation]),
        ),
        *_reproduction(words, spec),
        *_examples(words, spec),
        words.told("File: `{source}`", source=source),
    ]
    return "\n\n".join(parts) + "\n"


def _definition(words: _Words, spec: CheckSpec) -> Iterator[str]:
    yield words.told(_examined(spec), table=spec.table, population=spec.population)
    if spec.defect is not None:
        yield words.told(_DEFECTS[spec.nulls], defect=spec.defect)
    elif spec.measure is not None:
        yield words.told("- defect: found by the measure `{measure}`", measure=spec.measure)
    elif spec.expect is not None and spec.expect.kwargs:
        yield words.told(
            "- defect: breaks `{expectation}` of Great Expectations with `{values}`",
            expectation=spec.expect.type,
            values=_flow(spec.expect.kwargs),
        )
    elif spec.expect is not None:
        yield words.told(
            "- defect: breaks `{expectation}` of Great Expectations", expectation=spec.expect.type
        )
    if spec.params:
        values = ", ".join(f"`{name}` = {value}" for name, value in spec.params.items())
        yield words.told("- parameters: {values}", values=values)
    if spec.collects:
        yield words.told(
            "- tables and stages where `{field}` is not collected are left out", field=spec.collects
        )
    tolerance = spec.tolerance
    yield words.told(
        "- tolerated: {low}; present from {high}, at its worst from {critical}; at least {count}"
        " records",
        low=words.percent(tolerance.t_lo),
        high=words.percent(tolerance.high),
        critical=words.percent(tolerance.critical),
        count=tolerance.n_min,
    )
    if spec.evidence != "measured":
        yield words.told(_EVIDENCE[spec.evidence])


def _examined(spec: CheckSpec) -> str:
    if not spec.window:
        return "- examined: `{table}` where `{population}`"
    if spec.table == "deals":
        return (
            "- examined: `{table}` where `{population}`, open, or created, edited or closed in the"
            " last 12 months"
        )
    return "- examined: `{table}` where `{population}`, created or edited in the last 12 months"


def _reproduction(words: _Words, spec: CheckSpec) -> Iterator[str]:
    for system, query in spec.reproduce.model_dump().items():
        if query:
            name = _SYSTEMS.get(system, system)
            yield words.told("**See it in {system}.** `{query}`", system=name, query=query)


def _examples(words: _Words, spec: CheckSpec) -> Iterator[str]:
    if spec.examples is None:
        return
    rows = [
        line
        for outcome, of_kind in _kinds(words, spec.examples)
        for line in _rows(words, outcome, of_kind)
    ]
    yield "\n".join([f"| {words.told('example')} | {words.told('outcome')} |", "|---|---|", *rows])


def _kinds(words: _Words, examples: Examples) -> Iterator[tuple[str, tuple[dict[str, Any], ...]]]:
    yield words.told("pass"), examples.pass_
    yield words.told("fail"), examples.fail
    yield words.told("left out"), examples.skip


def _rows(words: _Words, outcome: str, examples: tuple[dict[str, Any], ...]) -> Iterator[str]:
    for example in examples:
        shown = f"`{_flow({name: value for name, value in example.items() if name != 'with'})}`"
        beside = _beside(example)
        if beside:
            shown = words.told("{example} beside {records}", example=shown, records=beside)
        yield f"| {shown} | {outcome} |"


def _beside(example: Mapping[str, Any]) -> str:
    """Name the records of other tables that stand beside an example."""
    return ", ".join(
        f"{sum(row.get('times', 1) for row in rows)} {table}"
        for table, rows in example.get("with", {}).items()
    )


def _flow(value: Any) -> str:
    """Return a value as people write it in YAML, on one line of a Markdown table."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_flow(item)}" for name, item in value.items())
    if isinstance(value, list):
        return f"[{', '.join(_flow(item) for item in value)}]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value).replace("|", "\\|").replace("`", "'")
    return f'"{text}"' if isinstance(value, str) and text != text.strip() else text
