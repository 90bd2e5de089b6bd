import hashlib
import re
from base64 import b64encode
from itertools import pairwise

import pytest
from lxml import html

from checks.results import State, Worklist
from reports.render import LARGEST_PAGE, render_page
from reports.view import rows_per_list
from tests.reports.hostile import poisoned
from tests.reports.sample_audit import sample_result
from tests.reports.sample_checks import a_check, deal_rows

LANGUAGES = ("en", "fr")


def page_of(language="en", **changes):
    return html.document_fromstring(render_page(sample_result(**changes), language))


def with_lists(count, rows, cell="a deal"):
    checks = [
        a_check(
            f"check-{number}",
            State.PRESENT,
            (f"Check {number}", f"Contrôle {number}"),
            sample=[{**row, "name": cell} for row in deal_rows(rows)],
            worklist=Worklist(file=f"worklists/check-{number}.csv", rows=100_000),
        )
        for number in range(count)
    ]
    return sample_result(checks=checks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language(language):
    assert page_of(language).get("lang") == language


def test_the_policy_allows_our_own_style_and_script_and_nothing_else():
    page = page_of()
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    for tag in ("style", "script"):
        (element,) = page.findall(f".//{tag}")
        digest = b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_policy_stands_before_everything_that_it_governs():
    children = [child.tag for child in page_of().find("head")]
    assert children.index("meta") < min(children.index(tag) for tag in ("link", "style"))


def test_a_page_asks_nothing_of_the_network():
    page = page_of()
    for address in page.xpath("//@src | //link/@href"):
        assert address.startswith("data:")
    assert not re.search(r"@import|url\(", page.findtext(".//style"))


def test_no_element_carries_a_style_of_its_own():
    assert not page_of().xpath("//@style")


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_the_page_itself_its_lists_or_the_other_language(language):
    text = render_page(
        sample_result(), language, other_pages={"en": "report.en.html", "fr": "report.fr.html"}
    )
    page = html.document_fromstring(text)
    anchors = set(page.xpath("//@id"))
    for address in page.xpath("//a/@href"):
        if address.startswith("#"):
            assert address[1:] in anchors
        else:
            assert re.fullmatch(r"worklists/[a-z0-9-]+\.csv|report\.(en|fr)\.html", address)


def test_every_id_occurs_once():
    ids = page_of().xpath("//@id")
    assert len(ids) == len(set(ids))


def test_headings_descend_one_step_at_a_time():
    levels = [int(element.tag[1]) for element in page_of().xpath("//h1|//h2|//h3|//h4")]
    assert levels.count(1) == 1
    opened = levels[levels.index(1) :]
    assert all(after - before <= 1 for before, after in pairwise(opened))


def test_the_script_stays_small():
    assert len(page_of().findtext(".//script")) < 2_700


def test_the_same_result_gives_the_same_bytes():
    assert render_page(sample_result(), "fr") == render_page(sample_result(), "fr")


def test_a_broken_contract_comes_before_the_verdict():
    page = page_of(trusted=False)
    breach, verdict = page.xpath("//*[@class='breach'] | //h1")
    assert breach.get("class") == "breach"
    assert verdict.tag == "h1"
    assert "81%" in breach.text_content()


def test_a_signal_that_cannot_be_measured_shows_no_figure():
    tiles = page_of().xpath("//li[contains(@class, 'tile not_observable')]")
    assert len(tiles) == 2
    assert not any(tile.xpath(".//*[@class='figure']") for tile in tiles)


def test_a_check_that_could_not_run_says_how_to_switch_it_on():
    assert "Add it to the export" in page_of().text_content()


def test_only_the_recipe_of_the_source_is_shown_where_the_source_is_known():
    text = page_of().text_content()
    assert "Where to look in Salesforce" in text
    assert "Where to look in HubSpot" not in text


def test_both_recipes_are_shown_where_the_source_is_not_known():
    result = sample_result()
    result = result.model_copy(update={"run": result.run.model_copy(update={"system": "generic"})})
    text = render_page(result, "en")
    assert "Where to look in Salesforce" in text
    assert "Where to look in HubSpot" in text


def test_people_appear_as_the_language_words_their_pseudonym():
    assert "Rep\u00a0001" in page_of("en").text_content()
    assert "Commercial\u00a0001" in page_of("fr").text_content()


def test_no_initials_stand_beside_a_pseudonym():
    table = page_of().xpath("//table[@data-list]")[0]
    assert "M. D." not in table.text_content()


@pytest.mark.parametrize(
    ("lists", "rows"), [(1, 50), (33, 50), (40, 50), (80, 25), (200, 10), (400, 5)]
)
def test_list_rows_are_shared_out_equally_and_never_above_two_thousand(lists, rows):
    assert rows_per_list(with_lists(lists, 50)) == rows


def test_a_cell_is_cut_at_two_hundred_characters():
    page = html.document_fromstring(render_page(with_lists(1, 1, cell="é" * 500), "en"))
    assert max(len(cell.text_content()) for cell in page.xpath("//tbody//td")) == 200


def test_a_page_whose_lists_are_too_heavy_is_shortened_and_says_so():
    text = render_page(with_lists(40, 50, cell="<&>" * 80), "en")
    assert len(text.encode()) <= LARGEST_PAGE
    assert "were shortened" in text


def test_a_page_with_a_hundred_thousand_defects_keeps_its_lists():
    text = render_page(with_lists(33, 50), "en")
    assert len(text.encode()) <= LARGEST_PAGE
    assert "were shortened" not in text
    assert "The first 50 of 100,000 records" in text


def test_hostile_text_never_becomes_markup():
    text = render_page(poisoned(sample_result()), "en")
    page = html.document_fromstring(text)
    assert len(page.xpath("//script")) == 1
    assert not page.xpath("//img | //iframe | //*[@onerror or @onload]")
    assert all(not address.startswith("javascript") for address in page.xpath("//@href"))
    assert "{{ 7*7 }}" in page.text_content()
    assert "\x00" not in text
    assert "\u202e" not in text
