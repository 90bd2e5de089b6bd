"""Every code that the other rooms write into a result has its sentence in both languages."""

import re
from pathlib import Path
from typing import get_args

import pytest

from checks.authoring.catalogue import load_catalogue
from checks.blocks import Ritual
from checks.cause_results import Cause, CauseClass
from checks.change.life import Turn
from checks.comparison import BreakCode, ComingCode, LifeCounts, Uncompared
from checks.judgement.actions import book
from checks.judgement.foundations import mappings
from checks.profile import Profile
from checks.results import SignalId, State, VerdictState
from checks.spec import FAMILIES
from checks.system import Basis, FoundationId, FoundationState, QuestionId, Reply, Role, Scope
from connectors.model import TABLES
from connectors.snapshot import Availability
from reports.wording import Wording

ROOT = Path(__file__).parents[2]
CHECKS = sorted((ROOT / "checks").rglob("*.py"))
EXPORTS = sorted((ROOT / "connectors").rglob("*.py"))
CODE = r"\"([a-z]+(?:_[a-z]+)*)\""


def found(pattern, files):
    return {code for file in files for code in re.findall(pattern, file.read_text("utf-8"))}


def declared(pattern, folder, ending):
    return found(pattern, sorted((ROOT / folder).rglob(f"*.{ending}")))


def reasons():
    return (
        found(rf"not_observable\(\s*{CODE}", CHECKS)
        | found(rf"\breason={CODE}", CHECKS)
        | found(rf"\breason = {CODE}", CHECKS)
        | found(rf"inconclusive\(\s*{CODE}", CHECKS)
        | found(rf"_settle_unseen\(\s*check, {CODE}", CHECKS)
        | declared(r"unknown everywhere: (\w+)", "checks/features", "sql")
        | {str(state) for state in Availability if not state.observable}
    )


def notes():
    noting = [file for file in CHECKS if file.name != "signs.py"]
    files = [*EXPORTS, *noting, *(ROOT / "auditor").glob("*.py")]
    derived = declared(r"\"((?:users|accounts)_derived_\w+)\"", "connectors/intake", "py")
    return derived | found(rf"(?:Note\(|Notice\(code=|\.note\(\s*)\s*{CODE}", files)


def findings():
    return found(rf"ConfigurationFinding\(\s*code={CODE}", CHECKS)


def breaches():
    (contract,) = [file for file in CHECKS if file.name == "contract.py"]
    text = contract.read_text("utf-8")
    since = found(rf"Breach\(\s*code={CODE}", CHECKS)
    return since | set(re.findall(rf"_(?:Figure|share)\(\s*{CODE}", text))


def file_reasons():
    raw = found(rf"(?:NotATableError|UnusedFile)\((?:[^()\"]*,\s*)?{CODE}", EXPORTS)
    dialects = declared(r"^    reason: (\w+)", "connectors/intake/recognition/dialects", "yaml")
    dialects |= declared(r"\n    reason: (\w+)", "connectors/intake/recognition/dialects", "yaml")
    return raw | dialects


def shown_columns():
    columns = {column.name for table in TABLES.values() for column in table.columns}
    for spec in load_catalogue().checks:
        columns |= set(spec.worklist.columns)
    return columns | {"record_id", "owner_name"}


def planned(part):
    """Return the codes of one part of the action plan."""
    practices = [*book().practices.values(), *book().scopes.values()]
    return {getattr(one, part) for one in practices} - {None, "none"}


def aspects():
    return {name for foundation in mappings().foundations.values() for name in foundation}


def four_questions():
    parts = ("question", *get_args(Reply))
    return {f"{question}.{part}" for question in get_args(QuestionId) for part in parts}


WANTED = {
    "action_role": lambda: planned("owner"),
    "meeting": lambda: planned("meeting"),
    "cadence": lambda: planned("cadence"),
    "aspect": aspects,
    "four": four_questions,
    "scope": lambda: {*get_args(Scope), "declared"},
    "reply": lambda: set(get_args(Reply)),
    "basis": lambda: set(get_args(Basis)),
    "foundation_state": lambda: set(get_args(FoundationState)),
    "respondent": lambda: set(get_args(Role)),
    "respondent_count": lambda: set(get_args(Role)),
    "reason": reasons,
    "note": notes,
    "finding": findings,
    "breach": breaches,
    "file_reason": file_reasons,
    "state": lambda: {str(state) for state in State},
    "verdict_state": lambda: {str(state) for state in VerdictState},
    "family": lambda: {name for families in FAMILIES.values() for name in families.values()},
    "table": lambda: set(TABLES),
    "column": shown_columns,
    "foundation": lambda: (
        {"ritual", "responsibility", "scenario", "admin"}
        | {f"{foundation}.title" for foundation in get_args(FoundationId)}
    ),
    "confidence": lambda: {"high", "medium", "low"},
    "lifecycle": lambda: {"experimental", "deprecated"},
    "undetermined": lambda: found(rf"\bbecause(?:, facts)? = {CODE}", CHECKS),
    "triage": lambda: {*get_args(CauseClass)} - {"undetermined"},
    "cause": lambda: {*get_args(Cause), "not_examined", "nothing_present"},
    "ritual": lambda: set(get_args(Ritual)),
    "metric": lambda: found(r"(?:Metric\(\s*name=|in_points\()\"(\w+)\"", CHECKS),
    "evidence": lambda: {"measured", "declared", "estimated"},
    "break": lambda: {*get_args(BreakCode)},
    "coming": lambda: {*get_args(ComingCode)},
    "sign": lambda: found(rf"Notice\(code={CODE}", [ROOT / "checks/change/signs.py"]),
    "since": lambda: {*get_args(Uncompared)},
    "life": lambda: {turn for turn in LifeCounts.model_fields if turn in {*map(str, Turn)}},
    "profile_part": lambda: {*Profile().part_digests()} - {"checks"},
}


@pytest.mark.parametrize("group", WANTED)
def test_every_code_has_its_sentence(group):
    codes = WANTED[group]()
    assert codes
    words = Wording("en")
    assert [code for code in sorted(codes) if f"{group}.{code}" not in words] == []


@pytest.mark.parametrize("group", ["reason", "note", "finding", "breach", "file_reason"])
def test_no_sentence_waits_for_a_code_that_nobody_writes(group):
    spare = {"unknown", "field_not_collected_at_stage"}
    texts = "".join(
        file.read_text("utf-8")
        for folder in ("checks", "connectors", "auditor")
        for file in sorted((ROOT / folder).rglob("*"))
        if file.suffix in {".py", ".sql", ".yaml"}
    )
    keys = (key.partition(".") for key in Wording("en").sentences)
    codes = {code for head, _, code in keys if head == group and "." not in code} - spare
    if group == "breach":
        codes -= {"title", "meaning"}
    assert [code for code in sorted(codes) if not re.search(rf"\b{code}\b", texts)] == []


def test_every_signal_has_a_name_and_a_meaning():
    words = Wording("fr")
    for signal in SignalId:
        assert f"signal.{signal}.name" in words
        assert f"signal.{signal}.meaning" in words
