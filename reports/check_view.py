"""One failing or undecided check: its figures, why it matters, what to do, its records."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from checks.results import AuditResult, CheckResult, State
from reports.cause_view import check_cause
from reports.first_screen import figure_note, headline_figure
from reports.group_view import GroupTable, group_tables
from reports.list_view import ListView, list_link, list_view
from reports.numbers import as_decimal
from reports.recipes import recipe_text
from reports.record_text import cell_text
from reports.sentences import check_text, coded, fact
from reports.wording import Wording

#: How much of a check is printed.
PaperShare = Literal["full", "brief", "none"]

_FEWEST_OWNERS = 3
_LONGEST_RECIPE = 500
_ROWS_ON_PAPER = {"full": 10, "brief": 3, "none": 0}
#: Pictures of the page that show what a check measures: block of the result, and anchor.
_PICTURES = {
    "forecast-bias": ("forecast", "forecast-title"),
    "forecast-error": ("forecast", "forecast-title"),
    "forecast-without-skill": ("forecast", "forecast-title"),
    "missing-review-ritual": ("rhythm", "week-title"),
    "stalled-open-deal": ("pipeline", "pipeline-title"),
    "zombie-deal": ("pipeline", "pipeline-title"),
}
_TITLES = {"forecast": "forecast.title", "rhythm": "rhythm.week", "pipeline": "pipeline.title"}


@dataclass(frozen=True)
class Recipe:
    """How to see the records in one CRM."""

    system: str
    text: str


@dataclass(frozen=True)
class CheckView:
    """A failing or undecided check, with all that is needed to act on it.

    Attributes:
        paper: How much of it is printed; a screen shows all.
    """

    anchor: str
    paper: PaperShare
    definition: str
    definition_anchor: str
    title: str
    sentence: str
    state: str
    state_word: str
    figure: str
    figure_note: str
    cause: str
    facts: list[str]
    why: str
    fix: str
    recipes: list[Recipe]
    no_recipe: str
    picture: tuple[str, str] | None
    groups: list[GroupTable]
    legends: list[str]
    records: ListView | None


def check_view(
    words: Wording,
    check: CheckResult,
    result: AuditResult,
    rows_per_list: int,
    paper: PaperShare = "full",
) -> CheckView:
    """Return one check with the first ``rows_per_list`` rows of its list."""
    counts = words("check.counts", failed=check.k_defect, examined=check.n_eligible)
    groups = group_tables(words, check)
    recipes = _recipes(words, check, result.run.system)
    return CheckView(
        anchor=check.check_id,
        paper=paper,
        definition=f"{check.code} v{check.version}",
        definition_anchor=f"definition-{check.check_id}",
        title=check_text(words, check, "title"),
        sentence=check_text(words, check, "fail") or counts,
        state=check.state,
        state_word=words(f"state.{check.state}"),
        figure=headline_figure(words, check),
        figure_note=figure_note(words, check),
        cause=" ".join(check_cause(words, check)),
        facts=_facts(words, check, result.verdict.money.currency),
        why=check_text(words, check, "why"),
        fix=check_text(words, check, "fix"),
        recipes=recipes,
        picture=_picture(words, check, result),
        no_recipe="" if recipes else _no_recipe(words, check),
        groups=groups,
        legends=list(dict.fromkeys(table.legend for table in groups if table.legend)),
        records=list_view(
            words,
            check,
            rows_per_list,
            result.verdict.money.currency,
            result.run.link_base,
            rows_on_paper=_ROWS_ON_PAPER[paper],
        ),
    )


def _facts(words: Wording, check: CheckResult, currency: str | None) -> list[str]:
    percent = words.numbers.percent
    facts = []
    if check.kind != "people" and check.ci_lo is not None and check.ci_hi is not None:
        interval = words.numbers.percent_range(check.ci_lo, check.ci_hi)
        facts.append(words("check.interval", interval=interval))
    if check.kind != "people":
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
    if check.owners < _FEWEST_OWNERS and check.ci_lo is not None:
        facts.append(words("check.few_owners"))
    return [*facts, *_remarks(words, check)]


def _remarks(words: Wording, check: CheckResult) -> list[str]:
    """Return what limits how far the figures of a check may be trusted."""
    facts = []
    if check.reason_facts.get("window") == "no_dates":
        facts.append(words("check.window_no_dates"))
    if left_out := check.reason_facts.get("left_out"):
        facts.append(words("check.left_out", fields=fact(words, "columns", left_out)))
    facts += _doubts(words, check.reason_facts.get("doubts") or [])
    if check.lifecycle != "stable":
        facts.append(words(f"lifecycle.{check.lifecycle}"))
    if check.evidence != "measured":
        facts.append(words(f"evidence.{check.evidence}.remark"))
    return facts


def _doubts(words: Wording, signs: list[str]) -> list[str]:
    """Return, once each, what makes a guess of a figure."""
    own = ("check.unlabelled_sales", "check.unseen_steps")
    told = [
        key if (key := f"check.{sign}") in own else "check.captured_elsewhere" for sign in signs
    ]
    return [words(key) for key in dict.fromkeys(told)]


def _undecided(words: Wording, check: CheckResult) -> str:
    if check.reason:
        return coded(words, "reason", check.reason, check.reason_facts)
    if check.n_eligible < check.n_min:
        examined = check.n_eligible
        return words.plural("check.too_few", examined, examined=examined, needed=check.n_min)
    return words("check.between")


def _recipes(words: Wording, check: CheckResult, system: str) -> list[Recipe]:
    named = [name for name in check.reproduce if system.lower().startswith(name)]
    return [
        Recipe(
            words.either(f"system.{name}", name),
            cell_text(recipe_text(words, name, text), _LONGEST_RECIPE),
        )
        for name, text in check.reproduce.items()
        if text and (name in named or not _is_known(words, system))
    ]


def _picture(words: Wording, check: CheckResult, result: AuditResult) -> tuple[str, str] | None:
    """Return anchor and title of the picture that shows what a check measures."""
    block, anchor = _PICTURES.get(check.check_id, ("", ""))
    if not block or getattr(result, block) is None:
        return None
    return anchor, words(_TITLES[block])


def _no_recipe(words: Wording, check: CheckResult) -> str:
    """Return where the records are, for a check that no filter of a CRM shows."""
    link = list_link(check)
    return words("check.no_filter_list", file=link) if link else words("check.no_filter")


def _is_known(words: Wording, system: str) -> bool:
    return bool(system) and f"system.{re.split('[-_ ]', system.lower())[0]}" in words
