"""The page: one file that asks nothing of the network and runs nothing of the records."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from checks.results import AuditResult
from reports.branding import accent_css
from reports.record_text import visible_controls
from reports.summary_view import CompanyAudit, SummaryView, summary_view
from reports.view import ReportView, build_view, rows_per_list
from reports.wording import LOCALES, Wording

#: A page must open at once on any machine and pass through mail.
LARGEST_PAGE = 1_000_000

#: The parts of the style in their order: a later one may speak against an earlier one.
_STYLES = (
    *("page", "first_screen", "chapters", "pictures", "tables", "checks"),
    *("screens", "paper"),
)


def render_page(
    result: AuditResult,
    language: str,
    *,
    other_pages: Mapping[str, str] | None = None,
    plan_files: Mapping[str, str] | None = None,
    locales: Traversable = LOCALES,
) -> str:
    """Return the report as HTML of at most ``LARGEST_PAGE`` bytes.

    Lists are shortened until the page is small enough, and the page then says so; the files
    in ``worklists/`` stay complete.

    Args:
        result: All that the page shows.
        language: Language of the page; one of :func:`reports.wording.languages`.
        other_pages: File name of the same report in other languages, by language.
        plan_files: File name of the plan by kind, ``csv`` or ``ics``, where it was written too.
        locales: Folder of the language files.
    """
    words = Wording(language, locales)
    most_rows = rows_per_list(result)
    rows = most_rows
    while True:
        view = build_view(
            words,
            result,
            other_pages or {},
            rows,
            plan_files=plan_files or {},
            shortened=rows < most_rows,
        )
        page = _filled("page.html.j2", words, view)
        if rows == 0 or len(page.encode()) <= LARGEST_PAGE:
            return page
        rows //= 2


def render_summary(
    audits: Sequence[CompanyAudit], language: str, *, other_pages: Mapping[str, str] | None = None
) -> str:
    """Return the page of several companies as HTML.

    Args:
        audits: What became of the audit of each.
        language: Language of the page; one of :func:`reports.wording.languages`.
        other_pages: File name of the same page in other languages, by language.
    """
    words = Wording(language)
    return _filled("summary.html.j2", words, summary_view(words, audits, other_pages or {}))


def _filled(name: str, words: Wording, view: ReportView | SummaryView) -> str:
    css = "".join(_asset("styles", f"{part}.css") for part in _STYLES) + accent_css(view.brand)
    script = _asset("report.js")
    template = _environment().get_template(name)
    return template.render(view=view, w=words, css=css, script=script, policy=_policy(css, script))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        finalize=_placed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _placed(value: object) -> object:
    """Let no control character or reordering mark through, whatever the view forgot."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible_controls(value)
    return value


@cache
def _asset(*name: str) -> str:
    return resources.files("reports").joinpath("assets", *name).read_text("utf-8")


def _policy(css: str, script: str) -> str:
    """Return a content security policy that allows our style and our script, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{_digest(css)}'",
            f"script-src 'sha256-{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
