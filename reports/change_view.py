"""What changed since the audit before: a few sentences on the first screen, and a chapter below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.comparison import Break, CheckChange, Comparison, LifeCounts
from checks.results import AuditResult, CheckResult
from reports.method import Table
from reports.sentences import check_text, coded, column_of
from reports.settled_view import limits_view
from reports.wording import Wording

#: Lines of the table of checks; the rest is counted.
_MOST_CHECKS = 20
_MOST_BREAKS = 12
_MOST_AUDITS = 12
#: Breaks that today's settings would also make of the audit before.
_BY_DEFINITION = ("definition", "tolerance", "version", "profile", "learning", "rebaselined")

#: Turns of findings in the order in which they are told.
_TURNS = ("new", "reopened", "seen_again", "persisting", "resolved", "vanished", "unknown")


@dataclass(frozen=True)
class SinceView:
    """What a manager reads of it."""

    title: str
    sentences: list[str]


@dataclass(frozen=True)
class ChangeView:
    """The chapter: counts, checks that moved, what broke the trend, and the line of audits."""

    lead: str
    life: list[tuple[str, str, str]]
    checks: Table | None
    breaks: list[str]
    signs: list[str]
    limits: list[str]
    coming: list[str]
    trend: Table | None


def since_view(words: Wording, result: AuditResult) -> SinceView | None:
    """Return the sentences of the first screen; None where no history is kept."""
    comparison = result.comparison
    if comparison is None:
        return None
    if comparison.previous_as_of is None:
        why = words(f"since.{comparison.reason or 'first_audit'}")
        return SinceView(words("since.title_first"), [why])
    title = words("since.title", day=words.numbers.day(comparison.previous_as_of))
    sentences = [_balance(words, comparison)]
    sentences += _moves(words, result, comparison)
    if comparison.breaks:
        sentences.append(words.plural("since.breaks", len(comparison.breaks)))
    if comparison.signs:
        sentences.append(words.plural("since.signs", len(comparison.signs)))
    return SinceView(title, sentences)


def change_view(words: Wording, result: AuditResult) -> ChangeView | None:
    """Return the chapter; None without an audit to compare with, and nothing to tell."""
    comparison = result.comparison
    if comparison is None:
        return None
    told = comparison.previous_as_of is not None
    if not told and not comparison.coming:
        return None
    checks = {check.check_id: check for check in result.checks}
    return ChangeView(
        lead=words("change.lead", day=words.numbers.day(comparison.previous_as_of))
        if comparison.previous_as_of
        else words("since.first_audit"),
        life=_life(words, comparison.life) if told else [],
        checks=_checks(words, comparison.checks, checks) if told else None,
        breaks=[
            *_breaks(words, comparison.breaks, checks),
            *_not_restated(words, comparison),
        ],
        signs=[
            coded(words, "sign", one.code, _titled(words, one.facts, checks))
            for one in comparison.signs
        ],
        limits=limits_view(words, result),
        coming=_coming(words, comparison),
        trend=_trend(words, comparison),
    )


def _balance(words: Wording, comparison: Comparison) -> str:
    """Return what came and went, over the checks that both audits could measure alike."""
    life = LifeCounts()
    for one in comparison.checks:
        if one.comparable:
            life = life.plus(one.life)
    came = life.new + life.reopened + life.seen_again
    gone = life.resolved + life.vanished + life.unknown
    return words.plural("since.balance", life.now, came=came, gone=gone, before=life.before)


def _moves(words: Wording, result: AuditResult, comparison: Comparison) -> list[str]:
    """Return which checks got worse and better; a quiet month says so."""
    checks = {check.check_id: check for check in result.checks}
    sentences = []
    for direction in ("worse", "better"):
        moved = [
            _title(words, one.check_id, checks)
            for one in comparison.checks
            if one.move == direction
        ]
        if moved:
            sentences.append(words(f"since.{direction}", checks=words.listed(moved[:3])))
    return sentences or [words("since.quiet")]


def _life(words: Wording, life: LifeCounts) -> list[tuple[str, str, str]]:
    shown = [
        (
            words(f"life.{turn}"),
            words.numbers.integer(getattr(life, turn)),
            words(f"life.{turn}.is"),
        )
        for turn in _TURNS
        if getattr(life, turn) or turn in ("new", "persisting", "resolved")
    ]
    if life.long_lived:
        count = words.numbers.integer(life.long_lived)
        shown.append((words("life.long_lived"), count, words("life.long_lived.is")))
    return shown


def _checks(
    words: Wording, changes: list[CheckChange], checks: dict[str, CheckResult]
) -> Table | None:
    """Return the checks whose findings moved, those that chance does not explain first."""
    moving = [one for one in changes if one.life.before or one.life.now]
    moving.sort(key=lambda one: (one.move is None, one.move == "better"))
    turns = [turn for turn in _TURNS if any(getattr(one.life, turn) for one in moving)]
    rows = [
        [
            _title(words, one.check_id, checks),
            words.numbers.percent(one.rate_before),
            words.numbers.percent(one.rate),
            _move(words, one),
            *(words.numbers.integer(getattr(one.life, turn)) for turn in turns),
            words.plural("change.months", one.life.oldest_months)
            if one.life.oldest_months is not None
            else "",
        ]
        for one in moving[:_MOST_CHECKS]
    ]
    if not rows:
        return None
    rest = len(moving) - len(rows)
    return Table(
        caption=words("change.checks"),
        headings=[
            *(words(f"change_head.{name}") for name in ("check", "before", "now", "move")),
            *(words(f"life.{turn}") for turn in turns),
            words("change_head.oldest"),
        ],
        rows=rows,
        numeric=(1, 2, *range(4, 5 + len(turns))),
        left_out=words.plural("change.more", rest) if rest else "",
    )


def compared_checks(
    words: Wording, result: AuditResult, comparison: Comparison
) -> list[tuple[str, str, str, str]]:
    """Return title, rate before, rate now and move of each check, those that moved first."""
    checks = {check.check_id: check for check in result.checks}
    moved = [one for one in comparison.checks if one.move or one.rate_before != one.rate]
    moved.sort(key=lambda one: (one.move is None, one.move == "better"))
    return [
        (
            _title(words, one.check_id, checks),
            words.numbers.percent(one.rate_before),
            words.numbers.percent(one.rate),
            _move(words, one),
        )
        for one in moved
    ]


def break_sentences(words: Wording, result: AuditResult, comparison: Comparison) -> list[str]:
    """Return what differs that is not the CRM."""
    return _breaks(words, comparison.breaks, {check.check_id: check for check in result.checks})


def _move(words: Wording, change: CheckChange) -> str:
    if not change.comparable:
        return words("change.broken")
    return words(f"change.{change.move}") if change.move else words("change.no_move")


def _breaks(words: Wording, breaks: list[Break], checks: dict[str, CheckResult]) -> list[str]:
    sentences = []
    for one in breaks[:_MOST_BREAKS]:
        facts = _titled(words, one.facts, checks)
        if "checks" in facts:
            titles = [_title(words, name, checks) for name in facts["checks"]]
            facts["checks"] = words.listed(titles[:_MOST_BREAKS])
        if "columns" in facts:
            names = [column_of(words, name) for name in facts["columns"]]
            facts["columns"] = words.listed(names[:_MOST_BREAKS])
        if "limit" in facts:
            facts["limit"] = words(f"limit.{facts['limit']}")
        if "part" in facts:
            facts["part"] = words.either(f"profile_part.{facts['part']}", str(facts["part"]))
        if one.code == "tolerance":
            facts |= _tolerance(words, facts)
        sentences.append(coded(words, "break", one.code, facts))
    if len(breaks) > _MOST_BREAKS:
        sentences.append(words.plural("break.more", len(breaks) - _MOST_BREAKS))
    return sentences


def _tolerance(words: Wording, facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what a part of a tolerance is called, and its values as they are written."""

    def written(value: str) -> str:
        if value == str(None):
            return words("break.by_default")
        number = float(value)
        is_count = facts["name"] == "n_min"
        return words.numbers.integer(int(number)) if is_count else words.numbers.percent(number)

    values = {when: written(str(facts[when])) for when in ("before", "now")}
    return {"name": words(f"tolerance_part.{facts['name']}"), **values}


def _not_restated(words: Wording, comparison: Comparison) -> list[str]:
    """Return, where definitions changed, that the audit before stays by its own."""
    day = comparison.previous_as_of
    if day is None or not any(one.code in _BY_DEFINITION for one in comparison.breaks):
        return []
    iso = day.isoformat()
    return [words("break.not_restated", day=words.numbers.day(day), iso=iso)]


def _coming(words: Wording, comparison: Comparison) -> list[str]:
    return [
        words.plural(f"coming.{one.code}", one.months) for one in comparison.coming if one.months
    ]


def _trend(words: Wording, comparison: Comparison) -> Table | None:
    """Return the line of audits as a table of chained indexes; None below two audits."""
    points = comparison.trend[-_MOST_AUDITS:]
    if len(points) < 2:
        return None
    signals = [one.id for one in comparison.signals]
    rows = [
        [
            words.numbers.short_day(point.as_of),
            words(f"verdict_state.{point.verdict}"),
            *(_index(words, point.chained.get(signal)) for signal in signals),
            words.numbers.integer(point.findings),
            words.numbers.integer(point.breaks) if point.breaks else "",
        ]
        for point in points
    ]
    return Table(
        caption=words("trend.caption"),
        headings=[
            words("trend.day"),
            words("trend.verdict"),
            *(words(f"signal.{signal}.name") for signal in signals),
            words("trend.findings"),
            words("trend.breaks"),
        ],
        rows=rows,
        numeric=tuple(range(2, 4 + len(signals))),
    )


def _index(words: Wording, value: float | None) -> str:
    return "–" if value is None else words.numbers.integer(round(value))


def _titled(
    words: Wording, facts: Mapping[str, Any], checks: dict[str, CheckResult]
) -> dict[str, Any]:
    """Return facts with the title of their check in place of its id."""
    if "check" not in facts:
        return dict(facts)
    return {**facts, "check": _title(words, str(facts["check"]), checks)}


def check_title(words: Wording, result: AuditResult, check_id: str) -> str:
    """Return the title of a check; its id where the audit does not know it."""
    return _title(words, check_id, {check.check_id: check for check in result.checks})


def _title(words: Wording, check_id: str, checks: dict[str, CheckResult]) -> str:
    check = checks.get(check_id)
    return check_text(words, check, "title") if check else check_id
