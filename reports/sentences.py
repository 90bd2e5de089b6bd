"""Codes of a result turned into sentences, and names of its things into words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from checks.judgement.people import FOLDED
from checks.results import CheckResult, GroupStat
from connectors.model import TABLES, Column
from reports.record_text import cell_text
from reports.wording import Wording

_UNKNOWN_PERSON = "rep-unknown"
_PERSON = re.compile(r"rep-(\d+)")
_FACT_OF_CHECK = re.compile(r"\{(k|n|rate)\}")
#: Between fields of which one is enough, as a profile writes them.
_EITHER = "|"
#: Facts that a sentence may count, the first that there is.
_COUNTED = ("count", "n", "people", "reps", "records")
_LONGEST_FACT = 120
_LONGEST_TEXT = 600


def person(words: Wording, key: str) -> str:
    """Return how the page names a person: ``Rep 042`` for the pseudonym ``rep-042``."""
    if key == _UNKNOWN_PERSON:
        return words("person.unknown")
    match = _PERSON.fullmatch(key)
    return words("person.rep", number=match[1]) if match else cell_text(key, _LONGEST_FACT)


def group_label(words: Wording, group: GroupStat) -> str:
    """Return how the page names a group of a check."""
    if group.key == FOLDED:
        return words("person.folded")
    label = group.label or group.key
    if group.dimension == "owner":
        return person(words, label)
    if group.dimension in {"field", "weak_field", "column"}:
        return column_of(words, label)
    if group.dimension == "table":
        return table_name(words, group.key)
    if group.dimension == "default_day":
        return day(words, label)
    return words.either(f"group_key.{group.key}", cell_text(label, _LONGEST_FACT))


def table_name(words: Wording, table: str) -> str:
    """Return the plural noun of a canonical table."""
    return words.either(f"table.{table}", cell_text(table, _LONGEST_FACT))


def column_name(words: Wording, column: str, table: str = "") -> str:
    """Return the noun of a column; the source's own name where it is not one of ours."""
    if _EITHER in column:
        names = [column_name(words, part.strip(), table) for part in column.split(_EITHER)]
        return words.numbers.listed(names, "or")
    own = cell_text(column, _LONGEST_FACT)
    return words.either(f"column.{table}.{column}", words.either(f"column.{column}", own))


def column_of(words: Wording, dotted: str) -> str:
    """Return ``next step (deals)`` for ``deals.next_step``, and the noun for a table alone."""
    table, _, column = dotted.partition(".")
    if not column:
        return table_name(words, table) if table in TABLES else column_name(words, table)
    if table not in TABLES:
        return cell_text(dotted, _LONGEST_FACT)
    # A list of deals heads their names with "Deal"; here the field is meant.
    of = "" if column == "name" else table
    return words(
        "column.of_table", column=column_name(words, column, of), table=table_name(words, table)
    )


def system_name(words: Wording, system: str) -> str:
    """Return the name of a CRM, and of what it was exported with where that is known."""
    if system in ("", "generic"):
        return words("run.system_unknown")
    family = system.split("-", maxsplit=1)[0]
    own = cell_text(system, _LONGEST_FACT)
    return words.either(f"system.{system}", words.either(f"system.{family}", own))


def canonical_column(table: str, name: str) -> Column | None:
    """Return the canonical column behind a list's column, None for features and source columns."""
    known = TABLES.get(table)
    return known[name] if known is not None and name in known else None


def check_text(words: Wording, check: CheckResult, part: str) -> str:
    """Return a check's own wording: in the page's language, else in English, else its id.

    Texts name the figures ``{k}``, ``{n}`` and ``{rate}``; any other brace is text.
    """
    facts = {
        "k": words.numbers.integer(check.k_defect),
        "n": words.numbers.integer(check.n_eligible),
        "rate": words.numbers.percent(check.rate)
        if check.kind != "people"
        else words("check.counts", failed=check.k_defect, examined=check.n_eligible),
    }
    for language in (words.language, "en"):
        text = check.text.get(language, {}).get(part)
        if text:
            filled = _FACT_OF_CHECK.sub(lambda found: facts[found[1]], text)
            return words.unbroken(cell_text(filled, _LONGEST_TEXT))
    return check.check_id if part == "title" else ""


def coded(words: Wording, group: str, code: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence of ``<group>.<code>``; never nothing, whatever the code.

    Args:
        words: Language of the page.
        group: First part of the key: ``note``, ``reason``, ``breach``, ``finding``...
        code: Code of the result.
        facts: Values for the sentence; a code that no sentence fits is shown with them.
    """
    shown = {name: fact(words, name, value) for name, value in facts.items()}
    key = f"{group}.{code}"
    if key in words:
        counts = (facts[name] for name in _COUNTED if isinstance(facts.get(name), int))
        try:
            if isinstance(words.sentences[key], str):
                return words(key, **shown)
            return words.plural(
                key,
                next(counts, 0),
                **{name: value for name, value in shown.items() if name != "count"},
            )
        except KeyError:  # a newer program wrote other facts
            pass
    listed = ", ".join(f"{name} {value}" for name, value in shown.items())
    plain = cell_text(code, _LONGEST_FACT).replace("_", " ")
    return f"{plain} ({listed})" if listed else plain


def unseen_reason(words: Wording, check: CheckResult) -> str:
    """Return why a check could not be measured, and what switches it on."""
    facts = dict(check.reason_facts)
    if columns := facts.get("columns"):
        facts["tables"] = list(dict.fromkeys(str(one).partition(".")[0] for one in columns))
    return coded(words, "reason", check.reason or "unknown", facts)


def fact(words: Wording, name: str, value: object) -> object:
    """Return a fact as a reader writes it: names of tables and columns as words."""
    if isinstance(value, list | tuple):
        return words.listed([str(fact(words, name.removesuffix("s"), one)) for one in value])
    if isinstance(value, bool):
        return words("word.yes" if value else "word.no")
    if isinstance(value, int | float):
        return value if isinstance(value, int) else words.numbers.decimal(value, 3)
    return _text_fact(words, name, str(value))


def day(words: Wording, text: str) -> str:
    """Return an ISO day as the language writes it; anything else as it is."""
    try:
        return words.numbers.day(date.fromisoformat(text[:10]))
    except ValueError:
        return cell_text(text, _LONGEST_FACT)


def _text_fact(words: Wording, name: str, text: str) -> str:
    if name in {"table", "target"}:
        return table_name(words, text)
    if name in {"column", "field"}:
        return column_of(words, text)
    if name in {"day", "date", "as_of", "since"}:
        return day(words, text)
    return cell_text(text, _LONGEST_FACT)
