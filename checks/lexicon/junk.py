"""Values that are no answers: "n/a", "xxx", "azerty", 999999, 1900-01-01.

A value is *strong* junk when it cannot be an answer in any field, *weak* when only the type of
the field could make it junk ("Na" is a surname, "Autre" a legal answer, "Test & Co" a company).
Strong junk counts; weak junk is shown. In mail addresses and phone numbers both are strong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_lowercase, digits

from checks.lexicon.words import fold, lexicon, words
from checks.profile import Profile
from connectors.engines.duckdb import literal
from connectors.snapshot import Snapshot

#: Signs that people put around a word; they do not make it an answer.
_AROUND = " -_.,;:!?*/|<>()[]{}\"'"

#: Fields whose texts have a judge of their own, and what only these judges call junk.
JUDGES = {
    "email": "strong_junk_email",
    "phone": "strong_junk_phone",
    "mobile": "strong_junk_phone",
}
PLACEHOLDERS = {
    "strong_junk_email": "placeholder_email",
    "strong_junk_phone": "placeholder_phone",
}

_LONGEST_WORD = 40
_SHORTEST_RUN = 4

#: What begins with a printable sign is filled: most texts need not be trimmed to know that.
_FILLED = (
    "coalesce(case when value >= '!' and value < chr(127) then true else trim(value) <> '' end, "
    "false)"
)

#: What stands for "I had to type a number".
_SENTINELS = "-1, 0, 0.01, 1, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999"

#: What stands for "I had to type a day"; years before 1990 and after 2098 are junk anyhow.
_EARLIEST_YEAR, _LATEST_YEAR, _YEARS_AHEAD = 1990, 2098, 5


def define_junk(snapshot: Snapshot, profile: Profile) -> None:
    """Define what junk is in the engine, with the profile's own words.

    Creates these macros; none of them is ever NULL, and empty values are not junk:

    * ``junk_grade(text)`` (2 for strong, 1 for weak, else 0), and ``strong_junk(text)``;
    * ``strong_junk_email(text)`` and ``strong_junk_phone(text)`` for what these fields hold;
    * ``placeholder_email(text)`` and ``placeholder_phone(text)``, what these two add;
    * ``strong_junk_digits(text)``, the same as for a phone, of nothing but its digits;
    * ``resembles_junk(text)``, true of all that has a grade and of little else, and quick;
    * ``is_filled(text)``, whether there is anything to read;
    * ``strong_junk_number(value)`` for amounts and head counts;
    * ``strong_junk_day(value, as_of)`` for days that people type.

    Args:
        snapshot: Any snapshot, locked or not.
        profile: ``lexicon.junk`` adds strong words, ``lexicon.not_junk`` takes values out.
    """
    strong = _bare(words("junk", "strong")) | _keyboard_runs() | _bare(profile.lexicon.junk)
    weak = _bare(words("junk", "weak")) - strong
    kept = frozenset(fold(word) for word in profile.lexicon.not_junk)
    trials = words("junk", "trial_words")
    statements = [
        _macro("bare_text(value)", f"trim(fold(value), {literal(_AROUND)})"),
        _macro("is_filled(value)", _FILLED),
        _macro("resembles_junk(value)", _resemblance(strong, weak, trials)),
        _macro("junk_shape(value)", _shape(strong, weak, trials)),
        _macro("junk_grade(value)", _spared("junk_shape(value)", kept)),
        _macro("strong_junk(value)", "junk_grade(value) = 2"),
        _macro("placeholder_email(value)", _placeholder_email()),
        _macro("placeholder_phone(value)", _placeholder_phone()),
        *(
            _macro(f"{judge}(value)", f"junk_grade(value) > 0 or {placeholder}(value)")
            for judge, placeholder in PLACEHOLDERS.items()
        ),
        _macro("strong_junk_digits(value)", _digits((strong | weak) - kept)),
        _macro("strong_junk_number(value)", f"coalesce(value in ({_SENTINELS}), false)"),
        _macro("strong_junk_day(value, as_of)", _day()),
    ]
    snapshot.run(";".join(statements))


def _macro(signature: str, body: str) -> str:
    return f"create or replace macro {signature} as {body}"


def _bare(listed: Iterable[str]) -> frozenset[str]:
    return frozenset(bare for word in listed if (bare := fold(word).strip(_AROUND)))


def _keyboard_runs() -> frozenset[str]:
    runs = {
        row[start:end]
        for row in lexicon("junk")["keyboard_rows"]
        for start in range(len(row))
        for end in range(start + _SHORTEST_RUN, len(row) + 1)
    }
    return frozenset(runs) - words("junk", "keyboard_words")


def _resemblance(strong: frozenset[str], weak: frozenset[str], trials: frozenset[str]) -> str:
    """Let one regular expression pick what could be junk."""
    around = f"[{re.escape(_AROUND)}]*"
    candidate = "|".join(
        (
            "[^\\p{L}\\p{N}]*",
            *(f"{letter}{{3,}}" for letter in ascii_lowercase + digits),
            f"{around}(?:{_spaced(strong | weak)}){around}",
            f"{around}(?:{_spaced(trials)})(?:[^a-z].*)?",
            f"{around}(?:{_spaced(trials)})(?:{_spaced(words('junk', 'trial_things'))}).*",
        )
    )
    plain = "lower(strip_accents(value))"
    return f"coalesce(regexp_full_match({plain}, {literal(f'(?s)(?:{candidate})')}), false)"


def _shape(strong: frozenset[str], weak: frozenset[str], trials: frozenset[str]) -> str:
    """Look closely at what could be junk, and only at that."""
    trial = "|".join(sorted(trials))
    things = "|".join(sorted(words("junk", "trial_things")))
    return f"""case
      when not resembles_junk(value) then 0
      when trim(value, e' \\t\\r\\n') = '' then 0
      when not regexp_matches(value, '[\\p{{L}}\\p{{N}}]') then 2
      when length(value) > {_LONGEST_WORD} then 0
      else list_transform([bare_text(value)], lambda bare: case
        when list_contains({_listed(strong)}, bare) then 2
        when list_contains({_listed(weak)}, bare) then 1
        when length(bare) > 2 and replace(bare, left(bare, 1), '') = '' then 2
        when regexp_full_match(bare, '({trial})([^a-z]|{things})*') then 2
        when regexp_full_match(bare, '({trial})[^a-z0-9].{{0,10}}') then 1
        else 0 end)[1] end"""


def _spaced(folded: Iterable[str]) -> str:
    """Return alternatives that match the folded words whatever the blanks between."""
    return "|".join(re.escape(word).replace("\\ ", "\\s+") for word in sorted(folded))


def _spared(grade: str, kept: frozenset[str]) -> str:
    if not kept:
        return grade
    exempt = f"list_contains({_listed(kept)}, fold(value))"
    return f"case when {grade} > 0 and not {exempt} then {grade} else 0 end"


def _placeholder_email() -> str:
    nowhere = "|".join(re.escape(word) for word in sorted(words("junk", "no_mail_names")))
    names = "|".join(sorted(words("junk", "placeholder_mail_names")))
    domains = "|".join(sorted(words("junk", "placeholder_mail_domains")))
    placeholder = literal(f"(?i)^\\s*(({nowhere})@|({names})@({domains})\\.)")
    return f"coalesce(regexp_matches(value, {placeholder}), false)"


def _placeholder_phone() -> str:
    """Eight times the same digit at the end, or the digits in their order."""
    between = "[^0-9]*"
    repeated = "|".join(f"({digit}{between}){{8}}$" for digit in range(10))
    placeholder = literal(f"{repeated}|{between.join('123456789')}")
    return f"coalesce(regexp_matches(value, {placeholder}), false)"


def _digits(junk: frozenset[str]) -> str:
    numbers = _listed(word for word in junk if word.isdigit())
    repeated = "|".join(f"{digit}{{8}}$" for digit in range(10))
    placeholder = f"regexp_matches(value, '{repeated}|123456789')"
    return f"coalesce(list_contains({numbers}, value) or {placeholder}, false)"


def _day() -> str:
    return f"""coalesce(
      value < date '{_EARLIEST_YEAR}-01-01' or value >= date '{_LATEST_YEAR + 1}-01-01'
      or cast(value as date) > cast(as_of as date) + to_years({_YEARS_AHEAD}), false)"""


def _listed(values: Iterable[str]) -> str:
    """Write a list that is looked up where it stands: the engine joins IN lists beforehand."""
    return "[" + ", ".join(literal(value) for value in sorted(values)) + "]"
