"""What a result is shown as: a page a language, on paper too, and its plan as files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.output import page_name, pdf_name, plan_name
from connectors.base import Stage, unwatched
from connectors.errors import AuditorError

if TYPE_CHECKING:
    from checks.results import AuditResult


def write_pages(result: AuditResult, languages: Sequence[str], folder: Path) -> list[str]:
    """Write one page a language, each with a link to the others, and the plan of each.

    Returns:
        The names of the pages.
    """
    from reports.render import render_page

    for language in languages:
        others = {other: page_name(other) for other in languages if other != language}
        plan = _write_plan(result, language, folder)
        page = render_page(result, language, other_pages=others, plan_files=plan)
        (folder / page_name(language)).write_text(page, encoding="utf-8")
    return [page_name(language) for language in languages]


def print_pages(
    result: AuditResult, languages: Sequence[str], folder: Path, stage: Stage = unwatched
) -> AuditorError | None:
    """Print the pages that ``folder`` holds, and return why that was not possible, or None.

    A report without its PDF is still a report: whoever asked for both keeps the page.
    """
    from reports.pdf import find_browser, write_pdf

    with stage("pdf"):
        try:
            browser = find_browser()
            for language in languages:
                page, pdf = folder / page_name(language), folder / pdf_name(language)
                write_pdf(browser, page, pdf, as_of=result.run.as_of)
        except AuditorError as error:
            return error
    return None


def _write_plan(result: AuditResult, language: str, folder: Path) -> dict[str, str]:
    """Write the actions for a spreadsheet and a calendar, and return their names by kind."""
    from reports.plan_calendar import plan_calendar
    from reports.plan_csv import plan_csv
    from reports.wording import Wording

    if not result.actions:
        return {}
    words = Wording(language)
    contents = {"csv": plan_csv(words, result).encode(), "ics": plan_calendar(words, result)}
    names = {kind: plan_name(language, kind) for kind in contents}
    for kind, name in names.items():
        (folder / name).write_bytes(contents[kind])
    return names
