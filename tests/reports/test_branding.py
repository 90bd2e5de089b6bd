"""A name, a logo and a colour on the page: only what is safe to show and can be read."""

import base64
import re

import pytest

from connectors.errors import ConfigurationError
from reports.branding import LARGEST_LOGO, Brand, accents, brand_of, contrast, read_logo
from reports.render import render_page
from tests.reports.hostile import ALL, SCRIPT
from tests.reports.sample_audit import sample_result

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LOGO = "data:image/png;base64," + base64.b64encode(PIXEL).decode()


def branded(**brand):
    run = sample_result().run
    parameters = {**run.parameters, "brand": brand, "prepared_by": "Atelier Nord"}
    return sample_result(run=run.model_copy(update={"parameters": parameters}))


@pytest.fixture
def file(tmp_path):
    def write(content, name="logo.png"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def test_a_png_becomes_part_of_the_page(file):
    assert read_logo(file(PIXEL)) == LOGO


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no PNG or JPEG"),
        (b"GIF89a", "no PNG or JPEG"),
        (b"", "no PNG or JPEG"),
        (PIXEL + b"\0" * LARGEST_LOGO, "more than"),
    ],
)
def test_anything_else_is_refused_with_its_place(file, content, said):
    logo = file(content)
    with pytest.raises(ConfigurationError, match=said) as refused:
        read_logo(logo)
    assert refused.value.where == str(logo)


def test_the_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_dark_accent_is_made_lighter_for_the_dark_theme():
    light, dark = accents("#0b5cad", None)
    assert light == "#0b5cad"
    assert contrast(dark, "#161b22") >= 4.5


@pytest.mark.parametrize(
    ("light", "dark", "said"),
    [
        ("#ffcc00", None, "on a light page"),
        (None, "#0b5cad", "on a dark page"),
        ("red", None, "no colour"),
        ("#fff;}body{display:none", None, "no colour"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused(light, dark, said):
    with pytest.raises(ConfigurationError) as refused:
        accents(light, dark)
    assert said in refused.value.render(str)


def test_a_page_shows_name_logo_colour_and_footer():
    page = render_page(
        branded(name="Atelier Nord", logo=LOGO, accent="#8a1c5b", footer="Confidential"), "en"
    )
    assert f'<img class="logo" src="{LOGO}" alt="Atelier Nord"' in page
    assert "--accent: #8a1c5b" in page
    assert re.search(r"<footer[^>]*>.*Confidential", page, re.DOTALL)
    assert "Prepared by Atelier Nord" in page


def test_without_a_brand_a_page_has_none():
    page = render_page(sample_result(), "en")
    assert "<img" not in page
    assert "<footer" not in page


@pytest.mark.parametrize(
    "brand",
    [
        {"logo": "https://evil.example/x.png"},
        {"logo": "data:image/svg+xml;base64,PHN2Zz4="},
        {"logo": LOGO + '" onerror="alert(1)'},
        {"logo": "data:image/png;base64," + "A" * 3 * LARGEST_LOGO},
        {"accent": "#fff;}*{background:url(//evil)"},
        {"accent": "#ffff00"},
        "no mapping",
    ],
)
def test_a_result_from_anywhere_brings_no_unsafe_brand(brand):
    assert brand_of({"brand": brand}) == Brand()


def test_hostile_names_and_footers_are_text():
    page = render_page(branded(name=SCRIPT, footer=ALL, logo=LOGO), "en")
    assert "<script>window.pwned" not in page
    assert "onerror=alert" not in page.replace("onerror=alert(2)&gt;", "")
