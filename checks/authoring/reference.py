"""The reference of all checks in Markdown, made from their files: ``docs/checks.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from checks.authoring.catalogue import Catalogue
from checks.results import SignalId
from checks.spec import CheckSpec, Examples

_SIGNALS = {
    SignalId.INCOMPLETE_OR_OBSOLETE: "Signal 1: data are incomplete or obsolete",
    SignalId.INCONSISTENT_USE: "Signal 2: everyone uses the CRM in their own way",
    SignalId.WORKAROUNDS: "Signal 3: teams work around the CRM",
    SignalId.NOT_USED_FOR_DECISIONS: "Signal 4: nobody decides from the CRM",
}
_FAMILIES = {"side_masters": "Side masters", "follow_up": "Follow-up"}
_FOUNDATIONS = {
    "ritual": "a ritual",
    "responsibility": "a responsibility",
    "scenario": "a usage scenario",
    "admin": "a setting of the CRM",
}
_EFFORTS = {"S": "small", "M": "medium", "L": "large"}
_NULLS = {
    "skip": "left out",
    "pass": "counted as healthy",
    "defect": "counted as a defect",
}
_EVIDENCE = {"declared": "declared by people", "estimated": "estimated"}
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


def reference(catalogue: Catalogue) -> str:
    """Return the reference of the checks given: the same text for the same files.

    A single check is described without the introduction and the table of contents.
    """
    if len(catalogue.checks) == 1:
        return _entry(catalogue.checks[0], *catalogue.sources.values())
    parts = [_INTRODUCTION, _contents(catalogue)]
    for signal, of_signal in groupby(catalogue.checks, key=lambda spec: spec.signal):
        parts.append(f"## {_SIGNALS[signal]}\n")
        for family, of_family in groupby(of_signal, key=lambda spec: spec.family):
            parts.append(f"### {_family(family)}\n")
            parts.extend(_entry(spec, catalogue.sources[spec.id]) for spec in of_family)
    return "\n".join(parts)


def _contents(catalogue: Catalogue) -> str:
    lines = ["| code | check | table | tolerated | from |", "|---|---|---|---|---|"]
    for spec in catalogue.checks:
        lines.append(
            f"| {spec.code} | [{spec.id}](#{spec.id}) | {spec.table} "
            f"| {_percent(spec.tolerance.t_lo)} | {spec.tolerance.n_min} records |"
        )
    return "\n".join([*lines, ""])


def _family(family: str) -> str:
    return _FAMILIES.get(family, family.replace("_", " ").capitalize())


def _entry(spec: CheckSpec, source: str) -> str:
    english, french = spec.text.en, spec.text.fr
    parts = [
        f"#### {spec.id}",
        f"**{english.title}** (`{spec.code}`, version {spec.version}, {spec.lifecycle}) · "
        f"*{french.title}*",
        "\n".join(_definition(spec)),
        f"**Why it matters.** {english.why}",
        f"**What to do.** {english.fix} Effort: {_EFFORTS[spec.effort]}; "
        f"what is missing is usually {_FOUNDATIONS[spec.foundation]}.",
        *_reproduction(spec),
        *_examples(spec),
        f"File: `{source}`",
    ]
    return "\n\n".join(parts) + "\n"


def _definition(spec: CheckSpec) -> Iterator[str]:
    yield f"- examined: `{spec.table}` where `{spec.population}`{_window(spec)}"
    if spec.defect is not None:
        yield f"- defect: `{spec.defect}`; where that is unknown, a record is {_unknown(spec)}"
    elif spec.measure is not None:
        yield f"- defect: found by the measure `{spec.measure}`"
    elif spec.expect is not None:
        yield f"- defect: breaks `{spec.expect.type}` of Great Expectations{_given(spec)}"
    if spec.params:
        values = ", ".join(f"`{name}` = {value}" for name, value in spec.params.items())
        yield f"- parameters: {values}"
    if spec.collects:
        yield f"- tables and stages where `{spec.collects}` is not collected are left out"
    tolerance = spec.tolerance
    yield (
        f"- tolerated: {_percent(tolerance.t_lo)}; present from {_percent(tolerance.high)}, at its "
        f"worst from {_percent(tolerance.critical)}; at least {tolerance.n_min} records"
    )
    if spec.evidence != "measured":
        yield f"- evidence: {_EVIDENCE[spec.evidence]}"


def _window(spec: CheckSpec) -> str:
    if not spec.window:
        return ""
    if spec.table == "deals":
        return ", open, or created, edited or closed in the last 12 months"
    return ", created or edited in the last 12 months"


def _unknown(spec: CheckSpec) -> str:
    return _NULLS[spec.nulls]


def _given(spec: CheckSpec) -> str:
    kwargs = spec.expect.kwargs if spec.expect else {}
    return f" with `{_flow(kwargs)}`" if kwargs else ""


def _reproduction(spec: CheckSpec) -> Iterator[str]:
    for system, words in spec.reproduce.model_dump().items():
        if words:
            yield f"**See it in {_SYSTEMS.get(system, system)}.** `{words}`"


def _examples(spec: CheckSpec) -> Iterator[str]:
    if spec.examples is None:
        return
    rows = [line for kind, of_kind in _kinds(spec.examples) for line in _rows(kind, of_kind)]
    yield "\n".join(["| example | outcome |", "|---|---|", *rows])


def _kinds(examples: Examples) -> Iterator[tuple[str, tuple[dict[str, Any], ...]]]:
    yield "pass", examples.pass_
    yield "fail", examples.fail
    yield "left out", examples.skip


def _rows(outcome: str, examples: tuple[dict[str, Any], ...]) -> Iterator[str]:
    for example in examples:
        shown = _flow({name: value for name, value in example.items() if name != "with"})
        yield f"| `{shown}`{_company(example)} | {outcome} |"


def _company(example: Mapping[str, Any]) -> str:
    """Name the records of other tables that stand beside an example."""
    beside = ", ".join(
        f"{sum(row.get('times', 1) for row in rows)} {table}"
        for table, rows in example.get("with", {}).items()
    )
    return f" beside {beside}" if beside else ""


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


def _percent(rate: float) -> str:
    return f"{round(rate * 100, 4):g} %"
