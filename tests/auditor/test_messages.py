"""Which language the terminal speaks."""

from __future__ import annotations

import pytest

from auditor.messages import spoken_language, translator
from auditor.terminal import visible


@pytest.mark.parametrize(
    ("requested", "environment", "language"),
    [
        (None, {}, "en"),
        ("fr", {"LANG": "en_US.UTF-8"}, "fr"),
        ("both", {"LANG": "fr_FR.UTF-8"}, "fr"),
        (None, {"AUDITOR_LANG": "en", "LANG": "fr_FR.UTF-8"}, "en"),
        (None, {"LC_ALL": "fr_CA.UTF-8", "LANG": "en_GB"}, "fr"),
        (None, {"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_first_that_names_a_language_decides(
    requested: str | None, environment: dict[str, str], language: str
) -> None:
    assert spoken_language(requested, environment) == language


def test_a_sentence_without_translation_stays_english() -> None:
    assert translator("fr")("there is no such sentence") == "there is no such sentence"


def test_text_of_a_record_cannot_steer_the_terminal() -> None:
    assert visible("a\x1b[2Jb\u202ec\nd") == "a�[2Jb�c\nd"
