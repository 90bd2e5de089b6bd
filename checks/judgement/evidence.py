"""What would decide: the columns to export and the questions to ask.

``evidence.yaml`` says what each family of each signal needs. Checks that could not be observed
add the columns that they missed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import zip_longest

from pydantic import BaseModel, ConfigDict, RootModel

from checks.interview.questions import question as interview_question
from checks.judgement.families import JudgedFamily, JudgedSignal
from checks.results import SignalId, State, WouldDecide
from checks.system import Wordings
from connectors.snapshot import Capabilities
from connectors.yaml_file import checked, parse_yaml

#: More than this nobody reads.
MOST_ITEMS = 12

Missing = Mapping[str, Sequence[tuple[str, str]]]


class Question(BaseModel):
    """A question in every language of the product."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str
    fr: str


class Need(BaseModel):
    """What one family needs.

    Attributes:
        columns: As ``table.column``.
        asks: A question of the interview, by its id.
        question: A question that the interview does not hold.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...] = ()
    asks: str | None = None
    question: Question | None = None

    def wording(self, answered: Collection[str]) -> Wordings | None:
        """Return the question to ask, by language; None where there is none any more."""
        if self.question:
            return self.question.model_dump()
        return (
            interview_question(self.asks).text if self.asks and self.asks not in answered else None
        )


class _Needs(RootModel[dict[SignalId, dict[str, Need]]]):
    pass


@cache
def needs() -> dict[SignalId, dict[str, Need]]:
    """Return what every family of every signal needs."""
    text = resources.files(__package__).joinpath("evidence.yaml").read_text("utf-8")
    return checked(_Needs, parse_yaml(text, "evidence.yaml")).root


def would_decide(
    signals: Sequence[JudgedSignal],
    missing: Missing,
    capabilities: Capabilities,
    answered: Collection[str] = (),
) -> list[WouldDecide]:
    """Return what would make open signals measurable, the heaviest families first.

    Args:
        signals: The four signals; those measured as present or absent ask for nothing.
        missing: Columns that each check missed, by check id.
        capabilities: What the export holds; columns that it has are not asked for.
        answered: Ids of the interview questions that need not be asked again.

    Returns:
        At most 12 items, columns and questions by turns, shared out equally to the signals. An
        item without a column is a whole table.
    """
    settled = (State.PRESENT, State.ABSENT)
    unseen = {
        signal.id: [family for family in signal.families if not family.whole]
        for signal in signals
        if signal.measured not in settled
    }
    shown: list[WouldDecide] = []
    for signal, families in unseen.items():
        items: dict[str, WouldDecide] = {}
        for family in sorted(families, key=_gain, reverse=True):  # stable: then in their order
            for item in _items(signal, family, missing, capabilities, answered):
                items.setdefault(item.model_dump_json(), item)
        shown += _by_turns(list(items.values()))[: MOST_ITEMS // len(unseen)]
    return shown


def _by_turns(items: Sequence[WouldDecide]) -> list[WouldDecide]:
    """Return columns and questions by turns: many columns must not hide what one can just ask."""
    columns = [item for item in items if item.question is None]
    questions = [item for item in items if item.question is not None]
    pairs = zip_longest(columns, questions)
    return [item for pair in pairs for item in pair if item is not None]


def _gain(family: JudgedFamily) -> float:
    """Return the weight that the signal would gain; half where part of it is seen already."""
    return family.weight if family.severity is None else family.weight / 2


def _items(
    signal: SignalId,
    family: JudgedFamily,
    missing: Missing,
    capabilities: Capabilities,
    answered: Collection[str],
) -> Iterator[WouldDecide]:
    weighing = [check.check_id for check in family.checks if check.weighs]
    columns = [column for check_id in weighing for column in missing.get(check_id, ())]
    need = needs()[signal].get(family.id, Need()) if family.severity is None else Need()
    for name in need.columns:
        table, _, column = name.partition(".")
        columns.append((table, column))
    for table, column in columns:
        if not capabilities.column(table, column).observable:
            # what lacks every column of a table lacks the table
            is_there = capabilities.table(table).observable and column != "id"
            yield WouldDecide(signal=signal, table=table, column=column if is_there else None)
    if question := need.wording(answered):
        yield WouldDecide(signal=signal, question=question)
