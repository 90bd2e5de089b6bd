from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from connectors import yaml_text
from connectors.errors import ConfigurationError
from connectors.yaml_file import MAX_BYTES, checked, parse_yaml, read_yaml
from connectors.yaml_text import MAX_DEPTH


class Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: float = Field(default=0.5, gt=0, le=1)
    words: tuple[str, ...] = ()
    size: Literal["S", "M"] = "S"


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    close_date: str = ""
    rows: int = 0
    rule: Rule | None = None
    rules: dict[str, Rule] = Field(default_factory=dict)
    listed: tuple[Rule, ...] = ()
    params: dict[str, int | str] = Field(default_factory=dict)
    pass_: str = Field(default="", alias="pass")


class Named(BaseModel):
    name: str


def refusal(text: str, model: type[BaseModel] = Settings) -> str:
    with pytest.raises(ConfigurationError) as caught:
        checked(model, parse_yaml(text, "auditor.yaml"))
    message = str(caught.value)
    assert "\n" not in message
    return message


# Plain data


def test_scalars_follow_the_core_schema():
    data = parse_yaml(
        "{a: 1, b: -2, c: 1.5, d: 1e3, e: true, f: ~, g: '1', h: , i: no, j: on, k: 1_000}", "f"
    ).data
    assert data == {
        **{"a": 1, "b": -2, "c": 1.5, "d": 1000.0, "e": True, "f": None, "g": "1", "h": None},
        **{"i": "no", "j": "on", "k": "1_000"},
    }


def test_dates_and_keys_stay_text_as_written():
    assert parse_yaml("2026: 2026-06-30\ntrue: 007", "f").data == {"2026": "2026-06-30", "true": 7}


def test_numbers_too_large_to_mean_anything_stay_text():
    huge = "9" * 5000
    assert parse_yaml(f"[{huge}, 1e999, .inf, .nan]", "f").data == [huge, "1e999", ".inf", ".nan"]


def test_folded_and_literal_texts_are_read():
    assert parse_yaml("a: >-\n  one\n  two\nb: |\n  x\n  y\n", "f").data == {
        "a": "one two",
        "b": "x\ny\n",
    }


def test_an_empty_file_is_no_data_and_has_every_default():
    assert parse_yaml("# nothing yet\n", "f").data is None
    assert checked(Settings, parse_yaml("", "f")) == Settings()


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(-1e6, 1e6).map(lambda x: round(x, 3)),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=9),
)
_DATA = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text("abcdefgh_", min_size=1, max_size=5), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(_DATA)
def test_any_json_is_read_as_json_reads_it(data: Any):
    import json

    assert parse_yaml(json.dumps(data, ensure_ascii=False), "f").data == data


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_one_sentence(text: str):
    try:
        parse_yaml(text, "f.yaml")
    except ConfigurationError as error:
        assert str(error).startswith("f.yaml:")
        assert "\n" not in str(error)


def test_the_parser_in_c_and_the_one_in_python_agree_on_our_own_files():
    for path in sorted((Path(__file__).parents[2] / "checks" / "catalogue").rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        assert yaml_text._built(text, "f", pure=True) == yaml_text._built(text, "f", pure=False)


def test_what_only_yaml_1_2_allows_is_allowed_everywhere():
    assert parse_yaml("{at: 2026-01-15 09:00}", "f").data == {"at": "2026-01-15 09:00"}


# Lines


def test_lines_of_keys_and_items_are_known():
    document = parse_yaml("a: 1\n\nb:\n  c:\n    - x\n    - d: 2\n", "f")
    assert document.line("a") == 1
    assert document.line("b", "c") == 4
    assert document.line("b", "c", 1, "d") == 6


def test_the_line_of_what_is_not_there_is_that_of_its_parent():
    document = parse_yaml("a: 1\nb:\n  c: 2\n", "f")
    assert document.line("b", "z", 7) == 2
    assert document.line("z") == 1


# What is refused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: !!python/object/apply:os.system ['true']", "auditor.yaml:1: tags (!) are not"),
        ("a: 1\nb: !secret x", "auditor.yaml:2: tags (!) are not"),
        ("a: &x 1", "auditor.yaml:1: anchors (&)"),
        ("a: 1\nb: *x", "auditor.yaml:2: anchors (&)"),
        ("a: 1\nb: 2\na: 3", 'auditor.yaml:3: the key "a" stands here twice, first in line 1'),
        ("a:\n\t- b", "auditor.yaml:2: a tab cannot indent YAML. Use blanks instead."),
        ("a: 1\n b: 2", "auditor.yaml:2: this line or the one before is no valid YAML"),
        ("a: 1\n---\nb: 2", "auditor.yaml:2: a second document starts here"),
        ("? [a, b]\n: 1", "auditor.yaml:1: a key must be a text"),
        ("a: b\x07c", "auditor.yaml:1: this character is not allowed in YAML"),
        ('a: 1\nb: "\\0"', "auditor.yaml:2: the character U+0000 is not allowed in a text"),
    ],
)
def test_powers_and_mistakes_are_refused_with_their_line(text: str, said: str):
    assert refusal(text).startswith(said)


def test_a_bomb_of_aliases_ends_before_it_grows():
    levels = "".join(f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * 9)}]\n" for i in range(1, 40))
    assert "anchors (&)" in refusal("b0: &b0 [x]\n" + levels)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_file_nested_without_end_is_refused_without_recursion(opening: str):
    assert "nested too deeply" in refusal(opening * 200_000)


def test_nesting_up_to_the_limit_is_read():
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_yaml(text, "f").data is not None


def test_a_file_above_one_mebibyte_is_refused(tmp_path: Path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ConfigurationError, match=r"^large\.yaml: the file is larger than 1 MiB"):
        read_yaml(path)


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: étape\n".encode("cp1252"))
    with pytest.raises(ConfigurationError, match=r"^latin\.yaml:2: this is not UTF-8 text"):
        read_yaml(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path):
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(path).data == {"a": 1}


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(ConfigurationError, match=r"^auditor\.yaml: the file cannot be read"):
        read_yaml(tmp_path / "missing.yaml", "auditor.yaml")


# Models


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "rows: 1\nclosedate: x",
            'auditor.yaml:2: unknown key "closedate". Did you mean "close_date"?',
        ),
        (
            "rules:\n  a:\n    limitt: 1",
            'auditor.yaml:3: unknown key "limitt". Did you mean "limit"?',
        ),
        (
            "listed:\n  - limit: 1\n  - wrds: [a]",
            'auditor.yaml:3: unknown key "wrds". Did you mean "words"?',
        ),
        ("rule: {lmit: 1}", 'auditor.yaml:1: unknown key "lmit". Did you mean "limit"?'),
        ("pas: x", 'auditor.yaml:1: unknown key "pas". Did you mean "pass"?'),
        ("rows: many", 'auditor.yaml:1: "rows" must be a whole number.'),
        ("close_date: 3", 'auditor.yaml:1: "close_date" must be a text; put it in quotes.'),
        ("rules: [1]", 'auditor.yaml:1: "rules" must hold keys of its own.'),
        ("rule: {words: one}", 'auditor.yaml:1: "rule.words" must be a list.'),
        ("rule: {limit: 2}", 'auditor.yaml:1: "rule.limit" must be at most 1.'),
        ("rule: {limit: 0}", 'auditor.yaml:1: "rule.limit" must be above 0.'),
        ("rule: {limit: x}", 'auditor.yaml:1: "rule.limit" must be a number.'),
        ("rule: {size: XL}", "auditor.yaml:1: \"rule.size\" must be one of 'S', 'M'."),
        (
            "params:\n  a: 1\n  b: [2]",
            'auditor.yaml:3: "params.b" does not hold what is expected here.',
        ),
        ("- a", 'auditor.yaml:1: "auditor.yaml" must hold keys of its own.'),
    ],
)
def test_what_a_model_does_not_accept_is_told_in_plain_words(text: str, message: str):
    assert refusal(text) == message


def test_what_is_missing_is_named():
    assert refusal("{}", Named) == 'auditor.yaml:1: "name" is missing in auditor.yaml.'


def test_an_unknown_key_is_told_before_what_it_causes():
    assert 'unknown key "nam"' in refusal("nam: x", _Strict)


def test_of_several_mistakes_the_first_line_is_told():
    assert refusal("close_date: 3\nrows: x").startswith("auditor.yaml:1")
    assert refusal("rows: x\nclose_date: 3").startswith("auditor.yaml:1")


def test_names_that_resemble_nothing_get_the_list_of_known_ones():
    assert refusal("rule: {qqq: 1}").endswith("Known names: limit, size, words.")


class _Strict(Named):
    model_config = ConfigDict(extra="forbid")
