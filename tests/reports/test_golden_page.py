"""The structure and words of both pages, kept beside the tests.

After a wanted change: REFRESH_GOLDEN=1 .venv/bin/python -m pytest tests/reports/test_golden_page.py
"""

import os
from pathlib import Path

import pytest
from lxml import html

from reports.render import render_page
from tests.reports.sample_audit import sample_result

GOLDEN = Path(__file__).with_name("golden")
SKIPPED = ("head", "script")


def outline(page):
    """Return one line an element: depth, tag, classes, id, and its own text."""
    lines = []

    def walk(element, depth):
        if not isinstance(element.tag, str) or element.tag in SKIPPED:
            return
        name = ".".join([element.tag, *element.get("class", "").split()])
        name += f"#{element.get('id')}" if element.get("id") else ""
        own = [element.text, *(child.tail for child in element)]
        text = " ".join(" ".join(part.split(" ")) for part in own if part and part.strip())
        lines.append(f"{'  ' * depth}{name} {text.strip()}".rstrip())
        for child in element:
            walk(child, depth + 1)

    walk(html.document_fromstring(page), 0)
    return "\n".join(lines) + "\n"


def small_result():
    result = sample_result(trusted=False)
    checks = [check.model_copy(update={"sample": check.sample[:2]}) for check in result.checks]
    return result.model_copy(update={"checks": checks})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_is_as_it_was_agreed(language):
    found = outline(render_page(small_result(), language))
    file = GOLDEN / f"report.{language}.txt"
    if os.environ.get("REFRESH_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text("utf-8")
