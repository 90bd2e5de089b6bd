"""Several companies on one page: what it says, as safe and accessible as a report."""

import pytest
from lxml import html

from reports.render import render_summary
from reports.summary_view import CompanyAudit
from tests.reports.accessibility import violations
from tests.reports.hostile import SCRIPT
from tests.reports.sample_audit import sample_result
from tests.reports.sample_comparison import sample_comparison
from tests.reports.sample_results import failing_result, healthy_result

AUDITS = [
    CompanyAudit("north", sample_result(comparison=sample_comparison()), "north/report.en.html"),
    CompanyAudit("south", failing_result(count=3, rows=1), "south/report.en.html"),
    CompanyAudit("west", None, "west/report.en.html", "export: it cannot be read."),
    CompanyAudit("east", healthy_result(), "east/report.en.html"),
]


def cells(page):
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th | ./td")]
        for row in page.xpath("//table/tbody/tr")
    ]


def test_companies_stand_in_the_order_of_the_settings_and_none_is_left_out():
    rows = cells(html.document_fromstring(render_summary(AUDITS, "en")))
    assert [row[0] for row in rows] == ["north", "south", "west", "east"]
    assert rows[2][1:] == ["No audit"]
    assert all(len(row) == 8 for number, row in enumerate(rows) if number != 2)


def test_a_company_without_an_audit_is_not_counted_as_healthy():
    page = render_summary(AUDITS, "en")
    assert "One company could not be audited, and is not counted as healthy." in page
    assert "export: it cannot be read." in page


def test_an_audit_that_cannot_be_trusted_has_no_verdict_beside_the_others_and_is_not_counted():
    result = AUDITS[1].result
    contract = sample_result(trusted=False).run.contract
    broken = result.model_copy(update={"run": result.run.model_copy(update={"contract": contract})})
    page = render_summary([AUDITS[1], CompanyAudit("isle", broken, "isle/report.en.html")], "en")
    assert "In one of 2 companies the failure of the CRM is established." in page
    assert "One audit cannot be trusted, and is not counted." in page
    assert [row[2] for row in cells(html.document_fromstring(page))] == [
        "Established, high confidence",
        "Not to be trusted",
    ]


def test_names_and_sentences_are_text():
    result = AUDITS[0].result
    page = render_summary([CompanyAudit(SCRIPT, result), CompanyAudit("b", None, "", SCRIPT)], "fr")
    assert "<script>window" not in page
    assert "<img" not in page


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fr", "dark")])
def test_axe_finds_nothing_on_the_page_of_several_companies(opened, language, scheme):
    page = opened(render_summary(AUDITS, language), color_scheme=scheme)
    assert violations(page) == []
    assert page.complaints == []
    assert len(page.requested) == 1


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_the_page_of_several_companies_fits_a_phone(opened, width):
    page = opened(render_summary(AUDITS, "fr"), viewport={"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
