"""One section a signal: its families, its checks side by side, then each failing check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, repeat

from checks.results import AuditResult, CheckResult, FamilyResult, SignalResult, State
from reports.check_view import CheckView, PaperShare, check_view
from reports.first_screen import headline_figure, signal_index, signal_state
from reports.method import PRINTED
from reports.numbers import as_decimal
from reports.sentences import check_text, unseen_reason
from reports.svg import IntervalPlot, axis_end, interval_plot
from reports.trend_view import TrendView, signal_trend
from reports.wording import Wording

_ORDER = (
    State.PRESENT,
    State.EMERGING,
    State.ERROR,
    State.INCONCLUSIVE,
    State.ABSENT,
    State.NOT_OBSERVABLE,
)
#: Findings of a signal that are printed after the worst.
_IN_BRIEF = 9
_UNSEEN = (State.NOT_OBSERVABLE, State.ERROR)


@dataclass(frozen=True)
class Mark:
    """A thing with its state, which is shown as a shape and a word."""

    label: str
    state: str
    state_word: str


@dataclass(frozen=True)
class Line:
    """One measured check in the signal's table."""

    anchor: str | None
    title: str
    state: str
    state_word: str
    counts: str
    rate: str
    plot: IntervalPlot | None
    plot_title: str
    money: str


@dataclass(frozen=True)
class Unseen:
    """A check that could not run, why, and what switches it on."""

    title: str
    state: str
    state_word: str
    reason: str


@dataclass(frozen=True)
class SignalView:
    """One of the four signals."""

    anchor: str
    number: int
    name: str
    meaning: str
    state: str
    state_word: str
    index: str
    trend: TrendView | None
    families: list[Mark]
    axis: list[str]
    lines: list[Line]
    checks: list[CheckView]
    passed: list[Mark]
    unseen: list[Unseen]


def signal_views(words: Wording, result: AuditResult, rows_per_list: int) -> list[SignalView]:
    """Return the four sections in the article's order."""
    return [
        _signal(words, number, signal, result, rows_per_list)
        for number, signal in enumerate(result.signals, start=1)
    ]


def _signal(
    words: Wording, number: int, signal: SignalResult, result: AuditResult, rows_per_list: int
) -> SignalView:
    checks = sorted((c for c in result.checks if c.signal == signal.id), key=_worst_first)
    measured = [check for check in checks if check.state not in _UNSEEN]
    currency = result.verdict.money.currency
    end = axis_end(_extents(measured))
    state, state_word = signal_state(words, signal)
    return SignalView(
        anchor=f"signal-{number}",
        number=number,
        name=words(f"signal.{signal.id}.name"),
        meaning=words(f"signal.{signal.id}.meaning"),
        state=state,
        state_word=state_word,
        index=signal_index(words, signal, trusted=result.run.contract.success),
        trend=signal_trend(words, result, signal),
        families=[
            Mark(words(f"family.{family.id}"), family.state, _family_word(words, family))
            for family in signal.families
        ],
        axis=[words.numbers.percent(share) for share in (0.0, end / 2, end)],
        lines=[_line(words, check, end, currency) for check in measured],
        checks=_explained_once(
            check_view(words, check, result, rows_per_list, share)
            for check, share in on_paper(measured)
        ),
        passed=[
            Mark(
                check_text(words, check, "pass") or check_text(words, check, "title"),
                check.state,
                words(f"state.{check.state}"),
            )
            for check in measured
            if check.state is State.ABSENT
        ],
        unseen=[_unseen(words, check) for check in checks if check.state in _UNSEEN],
    )


def _explained_once(checks: Iterable[CheckView]) -> list[CheckView]:
    """Return the checks, each kind of picture explained below the first one of the signal."""
    explained: set[str] = set()
    told = []
    for check in checks:
        told.append(replace(check, legends=[one for one in check.legends if one not in explained]))
        explained.update(check.legends)
    return told


def on_paper(measured: Sequence[CheckResult]) -> list[tuple[CheckResult, PaperShare]]:
    """Return the checks that did not pass, worst first, with how much of each is printed.

    The worst of a signal is printed whole, the next ones without pictures; the others, and what
    could not be decided, stand in the table of their signal.
    """
    shown = [check for check in measured if check.state is not State.ABSENT]
    shares: Iterator[PaperShare] = chain(["full"], repeat("brief", _IN_BRIEF), repeat("none"))
    return [(check, next(shares) if check.state in PRINTED else "none") for check in shown]


def _family_word(words: Wording, family: FamilyResult) -> str:
    """Return the state of a family, and that only people say so where no check shows it."""
    word = words(f"state.{family.state}")
    return words("signal.declared", state=word) if family.evidence == "declared" else word


def _worst_first(check: CheckResult) -> tuple[int, float, Decimal, str]:
    money = as_decimal(check.money_touched) or Decimal(0)
    return _ORDER.index(check.state), -(check.severity or 0.0), -money, check.check_id


def _extents(measured: list[CheckResult]) -> list[float]:
    ends = [check.ci_hi for check in measured if check.ci_hi is not None]
    rates = [check.rate for check in measured if check.rate is not None]
    return [*ends, *rates, *(check.t_lo for check in measured)]


def _line(words: Wording, check: CheckResult, end: float, currency: str | None) -> Line:
    drawn = check.kind == "rate" and check.rate is not None
    return Line(
        anchor=check.check_id if check.state is not State.ABSENT else None,
        title=check_text(words, check, "title"),
        state=check.state,
        state_word=words(f"state.{check.state}"),
        counts=words("check.counts", failed=check.k_defect, examined=check.n_eligible),
        rate=headline_figure(words, check),
        plot=interval_plot(check.rate, check.ci_lo, check.ci_hi, (0.0, check.t_lo), end)
        if drawn and check.rate is not None
        else None,
        plot_title=_plot_title(words, check) if drawn else "",
        money=words.numbers.money_short(check.money_touched, currency),
    )


def _plot_title(words: Wording, check: CheckResult) -> str:
    facts = {
        "rate": words.numbers.percent(check.rate),
        "tolerated": words.numbers.percent(check.t_lo),
    }
    if check.ci_lo is None or check.ci_hi is None:
        return words("plot.rate", **facts)
    interval = words.numbers.percent_range(check.ci_lo, check.ci_hi)
    return words("plot.rate_and_interval", interval=interval, **facts)


def _unseen(words: Wording, check: CheckResult) -> Unseen:
    return Unseen(
        title=check_text(words, check, "title"),
        state=check.state,
        state_word=words(f"state.{check.state}"),
        reason=unseen_reason(words, check),
    )
