"""An audit as an OpenMetrics text file, for the textfile collector of a monitoring agent.

Only counts and codes: no name of a record, of a person or of a source.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from checks.comparison import LifeCounts
from checks.results import AuditResult, State, VerdictState

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_TURNS = ("new", "reopened", "seen_again", "persisting", "resolved", "vanished", "unknown")


class _Sample(NamedTuple):
    labels: dict[str, str]
    value: float


class _Family(NamedTuple):
    name: str
    kind: str
    meaning: str
    samples: list[_Sample]


def openmetrics(result: AuditResult, series: str) -> str:
    """Return the metrics of an audit.

    Args:
        result: What the audit found.
        series: Name of the CRM in the history; a label of every sample.
    """
    lines = []
    for family in _families(result):
        if not family.samples:
            continue
        lines.append(f"# TYPE auditor_{family.name} {family.kind}")
        lines.append(f"# HELP auditor_{family.name} {family.meaning}")
        lines += [
            f"auditor_{family.name}{_labels({'series': series, **one.labels})} {one.value:.10g}"
            for one in family.samples
        ]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _families(result: AuditResult) -> Iterator[_Family]:
    run, comparison = result.run, result.comparison
    midnight = datetime(run.as_of.year, run.as_of.month, run.as_of.day, tzinfo=UTC)
    trusted = float(run.contract.success)
    yield _Family("trusted", "gauge", "1 where the audit may be trusted.", [_Sample({}, trusted)])
    yield _Family(
        "as_of_timestamp_seconds",
        "gauge",
        "Day that the audit shows.",
        [_Sample({}, midnight.timestamp())],
    )
    yield _Family(
        "verdict",
        "stateset",
        "Verdict of the audit.",
        _stateset("verdict", VerdictState, result.verdict.state),
    )
    yield _Family(
        "signals_present",
        "gauge",
        "Signals present, of four.",
        [_Sample({}, result.verdict.present)],
    )
    yield _Family(
        "signal",
        "stateset",
        "State of each signal.",
        [
            _Sample({"id": signal.id, **sample.labels}, sample.value)
            for signal in result.signals
            for sample in _stateset("signal", State, signal.state)
        ],
    )
    yield _Family(
        "signal_index",
        "gauge",
        "Index of each signal, 0 to 100; absent where it is withheld.",
        [_Sample({"id": s.id}, s.index) for s in result.signals if s.index is not None],
    )
    yield _Family(
        "check_rate",
        "gauge",
        "Share of the records examined that fail each check.",
        [_Sample({"check": c.check_id}, c.rate) for c in result.checks if c.rate is not None],
    )
    yield _Family(
        "records",
        "gauge",
        "Records read of each table.",
        [_Sample({"table": name}, table.rows) for name, table in run.tables.items()],
    )
    if comparison is not None:
        life: LifeCounts = comparison.life
        yield _Family("findings", "gauge", "Findings open.", [_Sample({}, life.now)])
        yield _Family(
            "findings_moved",
            "gauge",
            "Findings by what happened to them since the audit before.",
            [_Sample({"turn": turn}, getattr(life, turn)) for turn in _TURNS],
        )


def _stateset(
    name: str, states: type[VerdictState] | type[State], present: VerdictState | State
) -> list[_Sample]:
    return [_Sample({f"auditor_{name}": str(state)}, float(state == present)) for state in states]


def _labels(labels: dict[str, str]) -> str:
    inside = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{{{inside}}}"
