"""One section a signal: its families, its checks side by side, then each failing check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from checks.results import AuditResult, CheckResult, GroupStat, SignalResult, State
from reports.first_screen import headline_figure, signal_index
from reports.list_view import ListView, list_view
from reports.numbers import as_decimal
from reports.record_text import cell_text
from reports.sentences import check_text, coded, group_label
from reports.svg import IntervalPlot, axis_end, bar_width, interval_plot
from reports.wording import Wording

_ORDER = (
    State.PRESENT,
    State.EMERGING,
    State.ERROR,
    State.INCONCLUSIVE,
    State.ABSENT,
    State.NOT_OBSERVABLE,
)
_UNSEEN = (State.NOT_OBSERVABLE, State.ERROR)
_FEWEST_OWNERS = 3
_FEWEST_IN_GROUP = 5
_LONGEST_RECIPE = 500
MOST_GROUPS = 20


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
class Group:
    """The rate of a check within one field, stage or person."""

    label: str
    counts: str
    rate: str
    bar: float
    too_few: bool


@dataclass(frozen=True)
class Recipe:
    """How to see the records in one CRM."""

    system: str
    text: str


@dataclass(frozen=True)
class CheckView:
    """A failing or undecided check, with all that is needed to act on it."""

    anchor: str
    definition: str
    definition_anchor: str
    title: str
    sentence: str
    state: str
    state_word: str
    figure: str
    facts: list[str]
    why: str
    fix: str
    recipes: list[Recipe]
    groups_title: str
    groups: list[Group]
    groups_left_out: str
    records: ListView | None


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
    return SignalView(
        anchor=f"signal-{number}",
        number=number,
        name=words(f"signal.{signal.id}.name"),
        meaning=words(f"signal.{signal.id}.meaning"),
        state=signal.state,
        state_word=words(f"state.{signal.state}"),
        index=signal_index(words, signal),
        families=[
            Mark(words(f"family.{family.id}"), family.state, words(f"state.{family.state}"))
            for family in signal.families
        ],
        axis=[words.numbers.percent(share) for share in (0.0, end / 2, end)],
        lines=[_line(words, check, end, currency) for check in measured],
        checks=[
            _check(words, check, result, rows_per_list)
            for check in measured
            if check.state is not State.ABSENT
        ],
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


def _worst_first(check: CheckResult) -> tuple[int, float, Decimal, str]:
    money = as_decimal(check.money_touched) or Decimal(0)
    return _ORDER.index(check.state), -(check.severity or 0.0), -money, check.check_id


def _extents(measured: list[CheckResult]) -> list[float]:
    ends = [check.ci_hi for check in measured if check.ci_hi is not None]
    rates = [check.rate for check in measured if check.rate is not None]
    return [*ends, *rates, *(check.t_lo for check in measured)]


def _line(words: Wording, check: CheckResult, end: float, currency: str | None) -> Line:
    drawn = check.metric is None and check.rate is not None
    return Line(
        anchor=check.check_id if check.state is not State.ABSENT else None,
        title=check_text(words, check, "title"),
        state=check.state,
        state_word=words(f"state.{check.state}"),
        counts=words("check.counts", failed=check.k_defect, examined=check.n_eligible),
        rate=headline_figure(words, check),
        plot=interval_plot(check.rate, check.ci_lo, check.ci_hi, check.t_lo, end)
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


def _check(
    words: Wording, check: CheckResult, result: AuditResult, rows_per_list: int
) -> CheckView:
    groups = [_group(words, group) for group in check.groups[:MOST_GROUPS]]
    left_out = len(check.groups) - len(groups)
    counts = words("check.counts", failed=check.k_defect, examined=check.n_eligible)
    dimension = check.groups[0].dimension if check.groups else ""
    return CheckView(
        anchor=check.check_id,
        definition=f"{check.code} v{check.version}",
        definition_anchor=f"definition-{check.check_id}",
        title=check_text(words, check, "title"),
        sentence=check_text(words, check, "fail") or counts,
        state=check.state,
        state_word=words(f"state.{check.state}"),
        figure=headline_figure(words, check),
        facts=_facts(words, check, result.verdict.money.currency),
        why=check_text(words, check, "why"),
        fix=check_text(words, check, "fix"),
        recipes=_recipes(words, check, result.run.system),
        groups_title=words.either(f"group.{dimension}", words("group.other")),
        groups=groups,
        groups_left_out=words.plural("group.left_out", left_out) if left_out else "",
        records=list_view(words, check, rows_per_list, result.verdict.money.currency),
    )


def _facts(words: Wording, check: CheckResult, currency: str | None) -> list[str]:
    percent = words.numbers.percent
    facts = []
    if check.ci_lo is not None and check.ci_hi is not None:
        interval = words.numbers.percent_range(check.ci_lo, check.ci_hi)
        facts.append(words("check.interval", interval=interval))
    facts.append(words("check.tolerated", share=percent(check.t_lo)))
    if as_decimal(check.money_touched):
        money = words.numbers.money_short(check.money_touched, currency)
        facts.append(words("check.money", money=money))
    if check.money_without_amount:
        facts.append(words.plural("check.without_amount", check.money_without_amount))
    if check.state is State.INCONCLUSIVE:
        facts.append(_undecided(words, check))
    if check.coverage < 1:
        facts.append(words("check.coverage", share=percent(check.coverage)))
    if check.stock is not None and check.stock.n_eligible:
        facts.append(
            words("check.stock", failed=check.stock.k_defect, examined=check.stock.n_eligible)
        )
    if check.owners < _FEWEST_OWNERS:
        facts.append(words("check.few_owners"))
    if check.lifecycle != "stable":
        facts.append(words(f"lifecycle.{check.lifecycle}"))
    if check.evidence != "measured":
        facts.append(words(f"evidence.{check.evidence}.remark"))
    return facts


def _undecided(words: Wording, check: CheckResult) -> str:
    if check.reason:
        return coded(words, "reason", check.reason, check.reason_facts)
    if check.n_eligible < check.n_min:
        return words("check.too_few", examined=check.n_eligible, needed=check.n_min)
    return words("check.between")


def _group(words: Wording, group: GroupStat) -> Group:
    too_few = group.n_eligible < _FEWEST_IN_GROUP
    return Group(
        label=group_label(words, group),
        counts=words("check.counts", failed=group.k_defect, examined=group.n_eligible),
        rate=words("group.too_few") if too_few else words.numbers.percent(group.rate),
        bar=0.0 if too_few else bar_width(group.rate or 0.0),
        too_few=too_few,
    )


def _recipes(words: Wording, check: CheckResult, system: str) -> list[Recipe]:
    named = [name for name in check.reproduce if system.lower().startswith(name)]
    return [
        Recipe(words.either(f"system.{name}", name), cell_text(text, _LONGEST_RECIPE))
        for name, text in check.reproduce.items()
        if text and (name in named or not _is_known(words, system))
    ]


def _is_known(words: Wording, system: str) -> bool:
    return bool(system) and f"system.{re.split('[-_ ]', system.lower())[0]}" in words


def _unseen(words: Wording, check: CheckResult) -> Unseen:
    reason = (
        coded(words, "reason", check.reason, check.reason_facts)
        if check.reason
        else words("reason.unknown")
    )
    return Unseen(
        title=check_text(words, check, "title"),
        state=check.state,
        state_word=words(f"state.{check.state}"),
        reason=reason,
    )
