"""What a live source would give: before anything is pulled, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auditor.doctor import level_lines, why_not
from auditor.terminal import Terminal, in_columns, visible
from auditor.workspace import workspace
from connectors.model import TABLES
from connectors.snapshot import Availability

if TYPE_CHECKING:
    from auditor.config import Configuration
    from auditor.messages import Translate
    from auditor.sources import LiveSource
    from connectors.http.gaps import Gap
    from connectors.http.survey import Survey, SurveyedObject
    from reports.numbers import Numbers

_MOST_NAMED = 8
#: What could be read, and holds nothing or nothing of use.
_NOT_HIDDEN = (Availability.COLUMN_EMPTY, Availability.NOT_READ)
#: The tables are empty, so no day matters.
_ANY_DAY = date(2026, 1, 1)


def live_examination(
    source: LiveSource, configuration: Configuration, terminal: Terminal
) -> list[str]:
    """Return the lines that say what a pull would bring, cost and miss.

    Raises:
        AuditorError: If the source cannot be reached, or refuses the sign-in.
    """
    with workspace() as folder:
        survey = source.connector(configuration).survey(folder)
        silenced = _silenced(survey, configuration)
    return [visible(line) for line in _lines(survey, silenced, source.label, terminal)]


def _lines(
    survey: Survey, silenced: dict[Gap, list[str]], label: str, terminal: Terminal
) -> Iterator[str]:
    from reports.wording import Wording

    translate, numbers = terminal.translate, Wording(terminal.language).numbers
    yield translate("{label}: signed in to {account}").format(
        label=label, account=survey.account or label
    )
    yield translate("What a pull would bring:")
    yield from in_columns([_row(each, translate, numbers) for each in survey.objects])
    yield "  " + _price(survey, translate, numbers)
    yield ""
    if hidden := [gap for gap in survey.gaps if _is_missed(gap)]:
        yield translate("What this user cannot see:")
        for gap in hidden:
            yield from _gap_lines(gap, silenced.get(gap, []), translate)
        yield ""
    if left := [gap.source for gap in survey.gaps if gap.state is Availability.NOT_READ]:
        yield translate("Left alone, because no check reads it: {names}").format(
            names=", ".join(left)
        )
        yield ""
    if survey.writable:
        yield translate(
            "This user could also change {objects}. The auditor never does, but a user who may"
            " only read is safer: docs/{page}.md shows which rights are enough."
        ).format(objects=", ".join(survey.writable), page=label.partition(":")[0])
        yield ""
    yield from level_lines(survey.capabilities, translate)


def _is_missed(gap: Gap) -> bool:
    """Return whether the user should know that something cannot be seen: of use, or to be had."""
    return gap.state not in _NOT_HIDDEN and (gap.table in TABLES or bool(gap.ask))


def _row(each: SurveyedObject, translate: Translate, numbers: Numbers) -> tuple[str, str, str, str]:
    way = "bulk job, {calls} calls" if each.in_bulk else "{calls} call(s)"
    return (
        each.name,
        "–" if each.records is None else numbers.integer(each.records),
        translate("{fields} fields").format(fields=each.fields),
        translate(way).format(calls=numbers.integer(each.calls)),
    )


def _price(survey: Survey, translate: Translate, numbers: Numbers) -> str:
    minutes = numbers.integer(max(1, round(survey.minutes)))
    calls = numbers.integer(survey.calls)
    if not survey.daily_most:
        return translate("In all about {calls} calls and {minutes} minute(s).").format(
            calls=calls, minutes=minutes
        )
    return translate(
        "In all about {calls} calls and {minutes} minute(s): {share} of the {most} calls of a day,"
        " of which {used} are used."
    ).format(
        calls=calls,
        minutes=minutes,
        share=numbers.percent(survey.calls / survey.daily_most),
        most=numbers.integer(survey.daily_most),
        used=numbers.integer(survey.daily_used),
    )


def _gap_lines(gap: Gap, checks: Sequence[str], translate: Translate) -> Iterator[str]:
    yield "  " + translate(why_not(gap.state)).format(name=gap.source)
    if gap.ask:
        yield "      → " + translate("Ask the administrator for: {ask}").format(ask=gap.ask)
    if checks:
        more = len(checks) - _MOST_NAMED
        named = ", ".join(checks[:_MOST_NAMED]) + (f" (+{more})" if more > 0 else "")
        yield "      " + translate("Cannot be measured without it: {checks}").format(checks=named)


def _silenced(survey: Survey, configuration: Configuration) -> dict[Gap, list[str]]:
    """Return, per gap, the checks that cannot be measured because of it.

    All checks are run on empty tables that are as observable as those of a pull would be.
    """
    from checks.authoring.catalogue import load_catalogue, resolve
    from checks.context import Context
    from checks.measuring import measure_all
    from connectors.engines.duckdb import Engine
    from connectors.snapshot import Snapshot, create_missing_tables

    catalogue = load_catalogue(configuration.checks_dir)
    specs = resolve(catalogue, configuration.profile, configuration.document)
    engine = Engine()
    try:
        create_missing_tables(engine)
        snapshot = Snapshot(engine, survey.capabilities)
        measured = measure_all(Context(snapshot, configuration.profile, _ANY_DAY), specs)
    finally:
        engine.close()
    found: dict[Gap, list[str]] = {}
    for spec in specs:
        missing = measured.measurements[spec.id].missing
        for gap in survey.gaps:
            if any(
                table == gap.table and (not gap.column or column == gap.column)
                for table, column in missing
            ):
                found.setdefault(gap, []).append(spec.id)
    return found
