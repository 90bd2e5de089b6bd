"""The page as Chromium shows it: accessible, narrow, on paper, without script, under attack."""

import re
from functools import partial

import pytest

from auditor.cli import main
from reports.minutes import minutes
from reports.render import render_page
from reports.wording import Wording
from tests.reports.accessibility import violations
from tests.reports.hostile import poisoned
from tests.reports.sample_audit import sample_result
from tests.reports.sample_comparison import sample_comparison
from tests.reports.sample_results import (
    empty_result,
    failing_result,
    healthy_result,
    unmeasurable_result,
)
from tests.reports.sample_run import sample_run

pytestmark = pytest.mark.browser

RESULTS = {
    "healthy": healthy_result,
    "failing": failing_result,
    "unmeasurable": unmeasurable_result,
    "empty": empty_result,
}
VIEWS = [("en", "light"), ("en", "dark"), ("fr", "light"), ("fr", "dark")]


def rendered(language="en", **changes):
    return render_page(sample_result(**changes), language)


#: Both languages and both themes, once each; the other pairs are tried with all else that is long.
PAIRS = [
    *(VIEWS[0], VIEWS[3]),
    *(pytest.param(*view, marks=pytest.mark.long) for view in VIEWS[1:3]),
]


@pytest.mark.parametrize(("language", "scheme"), PAIRS)
def test_axe_finds_nothing_against_wcag_2_2_aa(opened, language, scheme):
    assert violations(opened(rendered(language, trusted=False), color_scheme=scheme)) == []


#: Axe looks at each cell and each person: few of them show it as much as many.
SHORT_RESULTS = {**RESULTS, "failing": partial(failing_result, count=6, rows=2)}


@pytest.mark.parametrize(
    ("name", "language", "scheme"),
    [
        *(("failing", *VIEWS[0]), ("failing", *VIEWS[3])),
        *(("healthy", *VIEWS[0]), ("unmeasurable", *VIEWS[3]), ("empty", *VIEWS[0])),
    ],
)
def test_axe_finds_nothing_on_audits_at_the_ends(opened, name, language, scheme):
    page = opened(render_page(SHORT_RESULTS[name](), language), color_scheme=scheme)
    assert violations(page) == []


@pytest.mark.long
@pytest.mark.parametrize(("language", "scheme"), VIEWS)
def test_axe_finds_nothing_on_the_longest_page(opened, language, scheme):
    page = opened(render_page(failing_result(), language), color_scheme=scheme)
    assert violations(page, contrast_of_all=True) == []


def test_a_single_text_that_can_hardly_be_read_is_found(opened):
    page = opened(render_page(empty_result(), "en"))
    page.evaluate("document.querySelector('h1').style.color = 'lightgrey'")
    assert [rule for rule, _ in violations(page)] == ["color-contrast"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return the folder of the report that ``make demo`` opens."""
    folder = tmp_path_factory.mktemp("demo") / "report"
    assert main(["demo", "--out", str(folder), "--lang", "both"]) == 0
    return folder


@pytest.mark.long
@pytest.mark.parametrize(("language", "scheme"), VIEWS)
def test_axe_finds_nothing_on_the_report_of_the_demo(opened, demo, language, scheme):
    page = opened((demo / f"report.{language}.html").read_text("utf-8"), color_scheme=scheme)
    assert violations(page, contrast_of_all=True) == []


@pytest.mark.long
@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize(("language", "scheme"), VIEWS)
def test_axe_finds_nothing_in_any_language_and_theme(opened, name, language, scheme):
    page = opened(render_page(RESULTS[name](), language), color_scheme=scheme)
    assert violations(page, contrast_of_all=True) == []


def too_wide(page, *widths):
    """Return the widths of a window in which the page sticks out of it."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    return found


@pytest.mark.parametrize("name", RESULTS)
def test_audits_at_the_ends_fit_a_phone_a_window_at_twice_the_size_and_a_sheet(opened, name):
    page = opened(render_page(RESULTS[name](), "fr"))
    assert too_wide(page, 320, 640, 1280) == []
    page.evaluate("document.querySelector('main').hidden = true")
    assert printed_pages(page) == 1


def test_every_box_that_scrolls_is_reached_with_the_keyboard_and_seen(opened):
    page = opened(rendered())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "() => { const one = document.activeElement; return one === document.body ? null"
            " : [one.className, one.getAttribute('aria-label'),"
            " getComputedStyle(one).outlineStyle]; }"
        )
        if at is None:
            break
        assert at[2] != "none", at
        if at[0] == "scroll":
            reached.add(at[1])
    boxes = page.locator(".scroll:visible").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert reached == set(boxes)


@pytest.mark.parametrize(("wish", "behaviour"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_nothing_moves_for_those_who_ask_for_it(opened, wish, behaviour):
    page = opened(rendered(), reduced_motion=wish)
    found = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    assert found == behaviour


@pytest.mark.parametrize("language", ["en", "fr"])
def test_opening_a_page_asks_for_nothing_and_complains_of_nothing(opened, language):
    page = opened(rendered(language))
    page.wait_for_timeout(100)
    assert [url for url in page.requested if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in page.requested if url.startswith("file:")]) == 1
    assert page.complaints == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_sticks_out_of_the_window(opened, language):
    assert too_wide(opened(rendered(language, trusted=False)), 320, 768, 1280) == []


def test_a_page_reads_in_full_without_script(opened):
    page = opened(rendered(), java_script_enabled=False)
    text = page.inner_text("body")
    assert "One failure signal is present and another is emerging." in text
    assert "Open deals past their close date" in text
    assert page.locator("table[data-list] tbody tr").count() == 72
    assert page.locator("input, button:visible").count() == 0


def test_a_list_is_sorted_by_the_button_in_its_heading_and_says_so(opened):
    page = opened(rendered())
    table = page.locator("table[data-list]").first
    amounts = table.locator("tbody tr td:nth-child(6)")
    table.get_by_role("button", name="Amount").click()
    ascending = [float(one) for one in amounts.evaluate_all("c => c.map(x => x.dataset.v)")]
    assert ascending == sorted(ascending)
    table.get_by_role("button", name="Amount").click()
    descending = [float(one) for one in amounts.evaluate_all("c => c.map(x => x.dataset.v)")]
    assert descending == sorted(descending, reverse=True)
    assert page.locator("[aria-sort]").count() == 1
    assert page.get_by_role("status").first.text_content() == "Sorted by Amount"


def test_a_list_is_filtered_as_one_types_and_says_how_many_are_left(opened):
    page = opened(rendered())
    page.get_by_role("searchbox").first.fill("site 7,")
    assert page.locator("table[data-list]").first.locator("tbody tr:visible").count() == 1
    assert page.get_by_role("status").first.text_content() == "1 / 50"


def test_the_text_for_the_minutes_is_copied_by_its_button_which_says_so(opened):
    page = opened(rendered())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Text for the minutes").first.click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == minutes(Wording("en"), sample_result())


def test_printing_opens_what_is_folded_and_folds_it_again(opened):
    page = opened(rendered())
    closed = page.locator("details:not([open])").count()
    page.evaluate("window.onbeforeprint()")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("window.onafterprint()")
    assert page.locator("details:not([open])").count() == closed > 0


def printed_pages(page):
    """Return the number of sheets of the print preview: one page object each in the PDF."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("broken", [0, 1, 9])
def test_the_first_screen_is_the_first_printed_sheet_and_stands_alone_on_it(
    opened, language, broken
):
    run = sample_run(trusted=not broken)
    breaches = run.contract.breaches * broken
    contract = run.contract.model_copy(update={"breaches": breaches})
    page = opened(rendered(language, run=run.model_copy(update={"contract": contract})))
    all_sheets = printed_pages(page)
    page.evaluate("document.querySelector('main').hidden = true")
    assert printed_pages(page) == 1
    page.evaluate("document.querySelector('main').hidden = false")
    page.evaluate("document.querySelector('.first-screen').hidden = true")
    assert printed_pages(page) == all_sheets - 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_wider_than_a_sheet_which_would_shrink_the_whole_report(opened, language):
    result = sample_result(comparison=sample_comparison())
    page = opened(render_page(result, language), viewport={"width": 703, "height": 1032})
    page.emulate_media(media="print")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 703


def test_paper_holds_the_worst_finding_of_a_signal_in_full_and_the_others_in_brief(opened):
    page = opened(rendered())
    page.emulate_media(media="print")
    for kind, rows in (("full", 10), ("brief", 3)):
        check = page.locator(f".check.paper-{kind}").first
        assert check.locator("table[data-list] tbody tr:visible").count() == rows
        assert f"The first {rows} of" in check.locator(".list-title").inner_text()
    assert page.locator(".check.paper-full .breakdown:visible").count() >= 1
    assert page.locator(".check.paper-brief .breakdown:visible").count() == 0
    assert page.locator(".check.inconclusive:visible").count() == 0
    assert page.get_by_text("Short form for paper").is_visible()


def test_what_paper_alone_says_is_not_on_the_screen(opened):
    page = opened(rendered())
    assert page.locator(".on-paper:visible").count() == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_sixty_findings_print_on_as_many_sheets_as_can_be_read(opened, language):
    assert printed_pages(opened(render_page(failing_result(), language))) <= 30


@pytest.mark.parametrize("language", ["en", "fr"])
def test_hostile_text_in_every_field_is_inert(opened, language):
    page = opened(render_page(poisoned(sample_result(trusted=False)), language))
    page.locator("table[data-list] th button").first.click()
    page.get_by_role("searchbox").first.fill("<script>")
    page.wait_for_timeout(200)
    assert page.complaints == []
    assert len([url for url in page.requested if not url.startswith("data:")]) == 1
    assert page.evaluate("window.pwned") is None
    links = page.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert all(re.match(r"#", link) for link in links)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
