"""The page: one file that asks nothing of the network and runs nothing of the records."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable

from checks.results import AuditResult
from reports.wording import LOCALES


def render_page(
    result: AuditResult,
    language: str,
    *,
    other_pages: Mapping[str, str] | None = None,
    locales: Traversable = LOCALES,
) -> str:
    """Return the report as HTML.

    Args:
        result: All that the page shows.
        language: Language of the page; one of :func:`reports.wording.languages`.
        other_pages: File name of the same report in other languages, by language.
        locales: Folder of the language files.
    """
    raise NotImplementedError
