"""Whether a deal is open, won or lost: what the export tells, in a fixed order of trust.

The user's word first, then the CRM's own flags, the status, the table of stages, a probability
that goes with the stage, and last the words in the stage's name. Once won and lost stages are
known, the rest is open. What stays undecided is asked, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from connectors.engines.duckdb import Engine, literal
from connectors.intake.inferred import InferredStage, Question
from connectors.intake.mapping import StageMap
from connectors.intake.recognition.dialects import unaccented
from connectors.yaml_file import read_yaml

_STATES = ("won", "lost", "open")
#: A column with more values than this is no stage and no status.
_MOST_STAGES = 5_000


@dataclass(frozen=True, eq=False)
class _Stage:
    """What the deals of one stage have in common."""

    pipeline: str | None
    name: str
    told: Mapping[str | None, int]
    how: str
    low: float | None
    high: float | None

    @property
    def records(self) -> int:
        return sum(self.told.values())

    @property
    def silent(self) -> bool:
        """Whether some deals tell nothing themselves, so that the stage must."""
        return None in self.told


@dataclass(frozen=True)
class States:
    """The decision.

    Attributes:
        stages: Each stage with its state and the reason.
        questions: At most one, that names the undecided stages.
        told: SQL over the deals: the state that flags or status tell, else NULL.
    """

    stages: tuple[InferredStage, ...]
    questions: tuple[Question, ...]
    told: str


def decide_states(
    engine: Engine, relation: str, columns: set[str], told: StageMap, flags: Mapping[str, str]
) -> States:
    """Decide the state of every stage of the deals.

    Args:
        engine: Holds the deals.
        relation: Deals with canonical columns and ``helper_is_lost``.
        columns: Columns of ``relation`` that hold anything.
        told: What the user told.
        flags: State by stage name, where a table of stages came with the export.
    """
    own = _told_by_record(engine, relation, columns)
    stages = _stages(engine, relation, columns, own)
    decided: dict[_Stage, tuple[str | None, str]] = {}
    for stage in stages:
        decided[stage] = _decided(stage, told, flags, stages)
    known = {state for state, _ in decided.values()}
    known |= {state for stage in stages for state in stage.told if state}
    known |= {state for state in ("won", "lost") if getattr(told, state)}
    if {"won", "lost"} <= known:
        for stage, (state, _) in decided.items():
            if state is None:
                decided[stage] = ("open", "others_open")
    open_questions = [stage.name for stage, (state, _) in decided.items() if state is None]
    question = Question(
        "stage_states", "deals", "stage", examples=tuple(dict.fromkeys(open_questions))
    )
    return States(
        stages=tuple(
            InferredStage(stage.name, stage.pipeline or "", state, reason, stage.records)
            for stage, (state, reason) in decided.items()
        ),
        questions=(question,) if open_questions else (),
        told=own[0],
    )


def unmet_stages(told: StageMap, known: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each stage that the user names and that stands nowhere: where, its name, the nearest.

    Args:
        told: What the user told.
        known: Stages of the deals and of a table of stages.
    """
    by_spelling = {_folded(name): name for name in sorted(known)}
    for section in ("order", *reversed(_STATES)):
        for name in getattr(told, section):
            if _folded(name) not in by_spelling:
                near = get_close_matches(_folded(name), by_spelling, n=1)
                yield section, name, by_spelling[near[0]] if near else ""


def state_in_words(label: str) -> str | None:
    """Return the state that the words of a label tell; None when none or several do."""
    words = f" {_folded(label)} "
    found = [state for state in _STATES if any(f" {word} " in words for word in _words()[state])]
    certain = [state for state in found if state != "open"]
    return (certain or found)[0] if len(certain or found) == 1 else None


def _told_by_record(engine: Engine, relation: str, columns: set[str]) -> tuple[str, str]:
    """Return two SQL expressions: the state that the record tells, and by what."""
    arms = []
    if "is_won" in columns:
        arms.append(("is_won", "won", "flag"))
    if "helper_is_lost" in columns:
        arms.append(("helper_is_lost", "lost", "flag"))
    if "is_closed" in columns:
        if "is_won" in columns:
            arms.append(("is_closed and not is_won", "lost", "flag"))
        if "helper_is_lost" in columns and "is_won" not in columns:
            arms.append(("is_closed and not helper_is_lost", "won", "flag"))
        arms.append(("not is_closed", "open", "flag"))
    elif {"is_won", "helper_is_lost"} <= columns:
        arms.append(("not is_won and not helper_is_lost", "open", "flag"))
    if "status" in columns:
        values = engine.rows(
            f"select status, count(*) from {relation} where status is not null"
            f" group by status order by 2 desc, 1 limit {_MOST_STAGES}"
        )
        for state in _STATES:
            words = [literal(value) for value, _ in values if state_in_words(value) == state]
            if words:
                arms.append((f"status in ({', '.join(words)})", state, "status"))
    if not arms:
        return "cast(null as varchar)", "''"
    state = " ".join(f"when {test} then '{state}'" for test, state, _ in arms)
    how = " ".join(f"when {test} then '{how}'" for test, _, how in arms)
    return f"case {state} end", f"case {how} else '' end"


def _stages(engine: Engine, relation: str, columns: set[str], own: tuple[str, str]) -> list[_Stage]:
    if "stage" not in columns:
        return []
    pipeline = "pipeline" if "pipeline" in columns else "cast(null as varchar)"
    chance = "cast(probability as double)" if "probability" in columns else "cast(null as double)"
    rows = engine.rows(
        f"select {pipeline}, stage, {own[0]}, min({own[1]}), count(*), min({chance}), max({chance})"
        f" from {relation} where stage is not null group by 1, 2, 3"
        f" order by 5 desc, 2, 1, 3 limit {_MOST_STAGES}"
    )
    grouped: dict[tuple[str | None, str], list[tuple[object, ...]]] = {}
    for row in rows:
        grouped.setdefault((row[0], row[1]), []).append(row)
    return [
        _Stage(
            pipeline=key[0],
            name=key[1],
            told={str(row[2]) if row[2] else None: int(str(row[4])) for row in group},
            how=max(str(row[3]) for row in group),
            low=min((float(str(row[5])) for row in group if row[5] is not None), default=None),
            high=max((float(str(row[6])) for row in group if row[6] is not None), default=None),
        )
        for key, group in sorted(grouped.items(), key=lambda item: (item[0][0] or "", item[0][1]))
    ]


def _decided(
    stage: _Stage, told: StageMap, flags: Mapping[str, str], stages: Sequence[_Stage]
) -> tuple[str | None, str]:
    if state := _configured(stage, told):
        return state, "configured"
    if not stage.silent:
        # Deals tell themselves: a stage is closed only if all of its deals are.
        states = {each for each in stage.told if each}
        return (states.pop() if len(states) == 1 else "open"), stage.how
    for found, how in (
        (flags.get(stage.name), "stage_table"),
        (_by_probability(stage, stages), "probability"),
        (state_in_words(stage.name), "word"),
    ):
        if found:
            return found, how
    return None, "undecided"


def _configured(stage: _Stage, told: StageMap) -> str | None:
    for state in _STATES:
        if _folded(stage.name) in {_folded(name) for name in getattr(told, state)}:
            return state
    listed = _folded(stage.name) in {_folded(name) for name in told.order}
    return "open" if listed else None


def _by_probability(stage: _Stage, stages: Sequence[_Stage]) -> str | None:
    """Return the state that a probability of 100 or 0 tells, if it goes with the stage."""
    if any(each.low != each.high for each in stages) or stage.low is None:
        return None
    if stage.low == 100:
        return "won"
    at_zero = {each.name for each in stages if each.low == 0}
    if stage.low == 0 and len(at_zero) == 1 and len(stages) > 1:
        return "lost"
    return None


def _folded(label: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", unaccented(label).casefold()))


@cache
def _words() -> dict[str, list[str]]:
    data: dict[str, list[str]] = read_yaml(Path(__file__).with_name("states.yaml")).data
    return data
