"""What a manager reads in two minutes: four tiles, the money, and whether to trust the page."""

from __future__ import annotations

from dataclasses import dataclass

from checks.results import (
    AuditResult,
    CheckResult,
    SignalResult,
    State,
)
from reports.numbers import as_decimal
from reports.record_text import cell_text
from reports.sentences import check_text, column_of, system_name
from reports.svg import bar_width
from reports.trend_view import tile_change
from reports.wording import Wording

_LONGEST_SOURCE = 80
_MINUS = "\N{MINUS SIGN}"
#: Figures whose sign says on which side they lie.
_SIGNED = ("forecast_bias", "forecast_skill")
#: Points between the ends of an index from which nobody can hold on to it.
_TOO_WIDE = 50


@dataclass(frozen=True)
class Tile:
    """One signal in the first screen; ``figure`` is empty where nothing was measured."""

    anchor: str
    number: int
    name: str
    state: str
    state_word: str
    figure: str
    caption: str
    note: str
    change: str
    index: str


@dataclass(frozen=True)
class MoneyView:
    """Money in open deals that defects touch, each deal counted once."""

    headline: str
    figure: str
    bar: float | None
    remarks: list[str]


def tiles(words: Wording, result: AuditResult) -> list[Tile]:
    """Return one tile for each of the four signals, in the article's order."""
    checks = {check.check_id: check for check in result.checks}
    return [
        _tile(words, number, signal, checks.get(signal.headline_check_id or ""), result)
        for number, signal in enumerate(result.signals, start=1)
    ]


def money_view(words: Wording, result: AuditResult) -> MoneyView | None:
    """Return the money touched; None when no open deal has an amount."""
    money = result.verdict.money
    touched, total = as_decimal(money.touched), as_decimal(money.open_total)
    if touched is None or total is None or total <= 0:
        return None
    share = float(touched / total)
    remarks = []
    if money.top5_share is not None and money.deals > 5:
        share_of_five = words.numbers.percent(money.top5_share)
        remarks.append(words("money.top5", share=share_of_five))
    if at_risk := as_decimal(money.at_risk):
        shown = words.numbers.money_short(at_risk, money.currency)
        remarks.append(words("money.at_risk", money=shown))
    if money.without_amount:
        remarks.append(words.plural("money.without_amount", money.without_amount))
    if money.currency is None:
        remarks.append(words("money.no_currency"))
    remarks.append(words("money.not_additive"))
    short = words.numbers.money_short
    return MoneyView(
        headline=words.plural(
            "money.headline",
            money.deals,
            total=short(total, money.currency),
            share=words.numbers.percent(share),
        ),
        figure=short(touched, money.currency),
        bar=bar_width(share),
        remarks=remarks,
    )


def trust_line(words: Wording, result: AuditResult) -> list[tuple[str, str]]:
    """Return what the reader needs to trust the page, or not: source, day, records, checks."""
    run = result.run
    ran = sum(check.state not in (State.NOT_OBSERVABLE, State.ERROR) for check in result.checks)
    records = sum(table.rows for table in run.tables.values())
    return [
        (
            words("trust.source"),
            f"{cell_text(run.source, _LONGEST_SOURCE)} ({system_name(words, run.system)})",
        ),
        (words("trust.as_of"), f"{words.numbers.day(run.as_of)} ({as_of_origin(words, result)})"),
        (words("trust.records"), words.numbers.integer(records)),
        (
            words("trust.checks"),
            words("trust.checks_ran", ran=ran, all=len(result.checks)),
        ),
        (
            words("trust.contract"),
            words("trust.contract_kept" if run.contract.success else "trust.contract_broken"),
        ),
        (words("trust.profile"), run.profile_hash),
        (words("trust.trend"), _trend_in_a_word(words, result)),
    ]


def as_of_origin(words: Wording, result: AuditResult) -> str:
    """Return where the day of the audit was read."""
    origin = result.run.as_of_origin
    if "." in origin:
        return words("as_of.column", column=column_of(words, origin))
    return words.either(f"as_of.{origin}", words("as_of.argument"))


def signal_index(words: Wording, signal: SignalResult, *, trusted: bool) -> str:
    """Return the index with its range and coverage, or why it is withheld."""
    if not trusted:
        return words("index.not_trusted")
    coverage = words.numbers.percent(signal.coverage)
    if signal.coverage == 0:
        undecided = signal.state is State.INCONCLUSIVE
        return words("index.undecided" if undecided else "index.nothing")
    if signal.index is None:
        return words("index.withheld", coverage=coverage)
    low, high = round(signal.index_lo), round(signal.index_hi)
    figures = {"index": round(signal.index), "coverage": coverage}
    if low == high:
        return words("index.exact", **figures)
    if _is_open(signal):
        return words("index.open", low=low, **figures)
    return words("index.range", low=low, high=high, **figures)


def signal_state(words: Wording, signal: SignalResult) -> tuple[str, str]:
    """Return how the state of a signal looks, and its word.

    A signal that is absent, while what was not seen could still tear it down, must not look
    healthy.
    """
    shown = signal.state.value
    if signal.state is State.ABSENT and _is_open(signal):
        shown = "absent_so_far"
    return shown, words(f"state.{shown}")


def _is_open(signal: SignalResult) -> bool:
    return signal.index_hi - signal.index_lo > _TOO_WIDE


def headline_figure(words: Wording, check: CheckResult) -> str:
    """Return the one number of a check, with its unit; of few people, never a percentage."""
    if check.kind == "people":
        return words("check.people", failed=check.k_defect, examined=check.n_eligible)
    if check.metric is not None and check.metric.value is not None:
        if check.metric.unit == "percent":
            sign = "+" if check.metric.name in _SIGNED and check.metric.value > 0 else ""
            return sign + words.numbers.percent(check.metric.value / 100).replace("-", _MINUS)
        unit = words.either(f"unit.{check.metric.unit}", check.metric.unit)
        digits = 1 if abs(check.metric.value) >= 1 else 2
        return f"{words.numbers.decimal(check.metric.value, digits)} {unit}".strip()
    return words.numbers.percent(check.rate)


def figure_note(words: Wording, check: CheckResult) -> str:
    """Return what a figure is of, where it is no rate of records."""
    if check.kind != "metric" or check.metric is None or check.metric.value is None:
        return ""
    return words.either(f"metric.{check.metric.name}", "")


def _trend_in_a_word(words: Wording, result: AuditResult) -> str:
    """Return what the line of trust says of the trend."""
    comparison = result.comparison
    if comparison is None or comparison.previous_as_of is None:
        return words("trust.first_audit")
    return words.plural(
        "trust.audits",
        comparison.audits,
        day=words.numbers.short_day(comparison.previous_as_of),
    )


def _tile(
    words: Wording,
    number: int,
    signal: SignalResult,
    headline: CheckResult | None,
    result: AuditResult,
) -> Tile:
    shown = headline if signal.state is not State.NOT_OBSERVABLE else None
    if shown is not None and not shown.n_eligible:
        shown = None
    state, state_word = signal_state(words, signal)
    return Tile(
        anchor=f"signal-{number}",
        number=number,
        name=words(f"signal.{signal.id}.name"),
        state=state,
        state_word=state_word,
        figure=headline_figure(words, shown) if shown else "",
        caption=check_text(words, shown, "title")
        if shown
        else _without_figure(words, signal, result),
        note=" · ".join(filter(None, _note(words, signal, shown))) if shown else "",
        change=tile_change(words, result, signal, shown),
        index=signal_index(words, signal, trusted=result.run.contract.success),
    )


def _without_figure(words: Wording, signal: SignalResult, result: AuditResult) -> str:
    """Return why a tile holds no figure, and how many things would give it one."""
    if signal.evidence == "declared":
        return words("tile.declared")
    wanted = sum(one.signal == signal.id for one in result.verdict.would_decide)
    undecided = signal.state is State.INCONCLUSIVE
    if not wanted:
        return words("tile.too_little" if undecided else "tile.nothing_ran")
    return words.plural("tile.would_settle" if undecided else "tile.would_decide", wanted)


def _note(words: Wording, signal: SignalResult, check: CheckResult) -> tuple[str, str]:
    """Return what the figure is of, and whether it was measured."""
    of_what = ""
    if check.kind == "rate":
        of_what = words("check.counts", failed=check.k_defect, examined=check.n_eligible)
    return of_what or figure_note(words, check), words(f"evidence.{signal.evidence}")
