"""The report as plain values: every word, figure and order is decided here, none in templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.results import AuditResult
from reports import (
    action_view,
    change_view,
    first_screen,
    method,
    people_view,
    sections,
    settled_view,
    system_view,
    verdict_view,
)
from reports.branding import Brand, brand_of
from reports.forecast_view import ForecastView, forecast_view
from reports.minutes import minutes
from reports.missing import unmeasured
from reports.pipeline_view import PipelineView, pipeline_view
from reports.record_text import cell_text
from reports.rhythm_view import RhythmView, rhythm_view
from reports.wording import Wording

_MOST_ROWS_PER_LIST = 50
_MOST_ROWS = 2_000


@dataclass(frozen=True)
class OtherPage:
    """The same report in another language."""

    language: str
    name: str
    file: str


@dataclass(frozen=True)
class ReportView:
    """One page, top to bottom."""

    language: str
    title: str
    subtitle: str
    brand: Brand
    prepared_by: str
    other_pages: list[OtherPage]
    contents: list[tuple[str, str]]
    breaches: list[str] | None
    verdict: verdict_view.VerdictView
    tiles: list[first_screen.Tile]
    money: first_screen.MoneyView | None
    decisions: list[action_view.Decision]
    no_action: str
    since: change_view.SinceView | None
    trust: list[tuple[str, str]]
    change: change_view.ChangeView | None
    exceptions: list[str]
    plan: action_view.PlanView | None
    rhythm: RhythmView
    forecast: ForecastView | None
    no_forecast: str
    pipeline: PipelineView | None
    no_pipeline: str
    minutes: str
    plan_files: list[tuple[str, str]]
    questions: list[system_view.Answered]
    foundations: list[system_view.FoundationView]
    answers: system_view.AnswersView | None
    deciders: list[verdict_view.Decider]
    signals: list[sections.SignalView]
    all_breaches: list[str]
    configuration: list[str]
    configuration_left_out: str
    warnings: list[str]
    reading: list[method.Table]
    columns: method.Table | None
    limits: list[tuple[str, str]]
    unmeasured: list[tuple[str, str]]
    people: people_view.PeopleView
    definitions: list[method.Definition]
    run: list[tuple[str, str]]
    shortened: str


def build_view(
    words: Wording,
    result: AuditResult,
    other_pages: Mapping[str, str],
    rows_per_list: int,
    *,
    plan_files: Mapping[str, str],
    shortened: bool = False,
) -> ReportView:
    """Return the page of a result in one language.

    Args:
        words: The language.
        result: What the audit found.
        other_pages: File name by language of the same report.
        rows_per_list: Rows shown of each check's list.
        plan_files: File name of the plan by kind, ``csv`` or ``ics``, where it was written too.
        shortened: Whether lists were cut further to keep the page small; the page says so.
    """
    source = cell_text(result.run.parameters.get("client") or result.run.source, 80)
    day = words.numbers.day(result.run.as_of)
    configuration, left_out = method.configuration_findings(words, result)
    forecast, pipeline = forecast_view(words, result), pipeline_view(words, result)
    return ReportView(
        language=words.language,
        title=cell_text(result.run.parameters.get("title") or "", 120)
        or words("page.title", source=source, day=day),
        subtitle=_subtitle(words, result, source, day),
        brand=brand_of(result.run.parameters),
        prepared_by=_prepared_by(words, result),
        other_pages=[
            OtherPage(language, Wording(language)("language.name"), file)
            for language, file in other_pages.items()
            if language != words.language
        ],
        contents=_contents(words, result),
        breaches=None
        if result.run.contract.success
        else verdict_view.shown_breaches(words, result),
        verdict=verdict_view.verdict_view(words, result),
        tiles=first_screen.tiles(words, result),
        money=first_screen.money_view(words, result),
        decisions=action_view.decisions(words, result),
        no_action=action_view.no_action(words, result),
        since=change_view.since_view(words, result),
        trust=first_screen.trust_line(words, result),
        change=change_view.change_view(words, result),
        exceptions=settled_view.exceptions_view(words, result),
        plan=action_view.plan_view(words, result),
        rhythm=rhythm_view(words, result),
        forecast=forecast if isinstance(forecast, ForecastView) else None,
        no_forecast=forecast if isinstance(forecast, str) else "",
        pipeline=pipeline if isinstance(pipeline, PipelineView) else None,
        no_pipeline=pipeline if isinstance(pipeline, str) else "",
        minutes=minutes(words, result),
        plan_files=[(words(f"plan.{kind}"), file) for kind, file in plan_files.items()],
        questions=system_view.four_questions_view(words, result),
        foundations=system_view.foundation_views(words, result),
        answers=system_view.answers_view(words, result),
        deciders=verdict_view.deciders(words, result),
        signals=sections.signal_views(words, result, rows_per_list),
        all_breaches=verdict_view.broken_contract(words, result),
        configuration=configuration,
        configuration_left_out=left_out,
        warnings=method.warnings(words, result),
        reading=method.reading(words, result),
        columns=method.column_sources(words, result),
        limits=_limits(words, result),
        unmeasured=unmeasured(words, result),
        people=people_view.people_view(words, result),
        definitions=method.definitions(words, result),
        run=method.run_details(words, result),
        shortened=words("page.shortened") if shortened else "",
    )


def _subtitle(words: Wording, result: AuditResult, source: str, day: str) -> str:
    title = cell_text(result.run.parameters.get("title") or "", 120)
    if title:
        return words("page.subtitle_titled", title=title, source=source, day=day)
    return words("page.subtitle", source=source, day=day)


def _prepared_by(words: Wording, result: AuditResult) -> str:
    author = cell_text(result.run.parameters.get("prepared_by") or "", 120)
    return words("page.prepared_by", author=author) if author else ""


def rows_per_list(result: AuditResult) -> int:
    """Return how many rows of each list fit the page: 2,000 in all, shared out equally."""
    lists = sum(bool(check.sample) for check in result.checks)
    return min(_MOST_ROWS_PER_LIST, _MOST_ROWS // max(lists, 1))


def _contents(words: Wording, result: AuditResult) -> list[tuple[str, str]]:
    """Return anchor and title of the chapters that the page has."""
    chapters = {
        "plan": result.actions is not None,
        "rhythm": True,
        "four": bool(result.questions),
        "foundations": bool(result.foundations),
        "deciders": bool(result.verdict.would_decide),
    }
    anchors = {"four": "questions"}
    return [
        *(
            (anchors.get(name, name), words(f"{name}.title"))
            for name, is_shown in chapters.items()
            if is_shown
        ),
        *(
            (f"signal-{number}", f"{number} {words(f'signal.{signal.id}.name')}")
            for number, signal in enumerate(result.signals, start=1)
        ),
        *((name, words(f"{name}.title")) for name in ("method", "people")),
        *((("definitions", words("definition.title")),) if result.checks else ()),
    ]


def _pictured(result: AuditResult) -> dict[str, bool]:
    """Return which pictures need a word on how they were made."""
    groups = (group for check in result.checks for group in check.groups)
    return {
        "compared": any(group.ci_lo is not None for group in groups),
        "forecast": result.forecast is not None,
        "rhythm": result.rhythm is not None,
    }


def _limits(words: Wording, result: AuditResult) -> list[tuple[str, str]]:
    topics = ["states", "interval", "window", "money", "index", "cause"]
    topics += [topic for topic, shown in _pictured(result).items() if shown]
    topics += ["recipes", "not_measured"]
    months = result.run.parameters.get("window_months", 12)
    facts = {"months": months if isinstance(months, int) else 12}
    limits = [
        (words(f"limits.{topic}.title"), words(f"limits.{topic}.text", **facts)) for topic in topics
    ]
    sure = " ".join(verdict_view.how_sure(words, result))
    return [(words("limits.sure.title"), sure), *limits] if sure else limits
