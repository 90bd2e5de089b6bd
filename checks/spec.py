"""The form of a check file: strict, self-describing, without Python in it."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from checks.results import SignalId
from connectors.errors import RefusedValueError

_CODE = re.compile(r"S(?P<signal>[1-4])\.(?P<family>[A-Z])(?P<number>\d*)")
_SIGNALS = tuple(SignalId)

#: Name of each family, by the letter in a check's code.
FAMILIES: dict[SignalId, dict[str, str]] = {
    SignalId.INCOMPLETE_OR_OBSOLETE: {
        "A": "completeness",
        "B": "staleness",
        "C": "validity",
        "D": "integrity",
        "E": "timeliness",
    },
    SignalId.INCONSISTENT_USE: {
        "A": "fields",
        "B": "stages",
        "C": "vocabulary",
        "D": "amounts",
        "E": "definitions",
    },
    SignalId.WORKAROUNDS: {
        "A": "unlogged",
        "B": "bursts",
        "C": "deserts",
        "D": "pointers",
        "E": "side_masters",
    },
    SignalId.NOT_USED_FOR_DECISIONS: {
        "A": "consultation",
        "B": "forecast",
        "C": "churn",
        "D": "follow_up",
        "E": "ritual",
    },
}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tolerance(_Strict):
    """What is still normal.

    Attributes:
        t_lo: Tolerated rate.
        n_min: Records needed for a state.
        t_hi: Rate from which the signal is present; twice ``t_lo`` unless given.
        t_cr: Rate at which severity is 1; four times ``t_lo``, at most 0.9, unless given.
    """

    t_lo: float = Field(gt=0, lt=1)
    n_min: int = Field(ge=1)
    t_hi: float | None = None
    t_cr: float | None = None

    @property
    def high(self) -> float:
        """Rate from which the signal is present."""
        return self.t_hi if self.t_hi is not None else min(0.9, 2 * self.t_lo)

    @property
    def critical(self) -> float:
        """Rate at which severity reaches 1."""
        return self.t_cr if self.t_cr is not None else min(0.9, 4 * self.t_lo)

    def out_of_reach(self) -> Tolerance:
        """Return the same with no rate at which the signal would be present, only emerging."""
        return self.model_copy(update={"t_hi": 1.01, "t_cr": 1.02})


class CheckText(_Strict):
    """Wording in one language; ``title`` names the defect, ``pass`` and ``fail`` are sentences."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    title: str
    pass_: str = Field(alias="pass")
    fail: str
    why: str
    fix: str


class Texts(_Strict):
    """Wording in every language of the product."""

    en: CheckText
    fr: CheckText


class WorklistSpec(_Strict):
    """Columns of a check's list, and its order: a leading ``-`` sorts downwards.

    Columns are canonical columns of the table, features of the table, or columns of the
    measure's hits. ``record_id`` comes first by itself, and ends every order.
    """

    columns: tuple[str, ...]
    sort: tuple[str, ...] = ()


class Reproduce(_Strict):
    """How to see the records in the CRM itself.

    A query for Salesforce. For HubSpot clauses with the internal names of properties, which the
    page tells in its language: ``deals: hs_is_closed is false; amount unknown; sort closedate``.
    ``{as_of}``, ``{window_start}`` and ``{as_of_minus_<param>}`` are replaced by literal dates,
    ``{<param>}`` by its value.
    """

    salesforce: str = ""
    hubspot: str = ""


class Expectation(_Strict):
    """An expectation in Great Expectations' own vocabulary."""

    type: str
    kwargs: dict[str, Any] = Field(default_factory=dict)


class Examples(_Strict):
    """Rows that must pass, fail or be left out.

    A row gives columns of the check's table. Rows of other tables come under the key
    ``with``: ``{table: [rows]}``. ``as_of`` of all examples is 2026-06-30. All rows of a file
    stand side by side; ``times: 20`` repeats one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    pass_: tuple[dict[str, Any], ...] = Field(alias="pass")
    fail: tuple[dict[str, Any], ...]
    skip: tuple[dict[str, Any], ...] = ()


class CheckSpec(_Strict):
    """One check, as its file declares it.

    Attributes:
        id: File name without ending; the defect as a noun phrase, never reused.
        code: Signal, family and number, for example ``S1.B2``.
        version: Raised when the meaning changes; that breaks trends on purpose.
        lifecycle: Only ``stable`` checks weigh.
        population: Predicate that says who is examined.
        defect: Predicate that says who fails; exactly one of defect, expect and measure.
        measure: Name of a function in ``checks.measures``.
        nulls: What a NULL outcome of ``defect`` means.
        collects: Field whose emptiness is the defect: stages and tables where it is not
            collected at all leave the population.
        window: Whether the 12-month window applies.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    code: str
    version: int = Field(ge=1)
    lifecycle: Literal["experimental", "stable", "deprecated"] = "experimental"
    table: str
    population: str
    params: dict[str, float | int | str] = Field(default_factory=dict)
    defect: str | None = None
    expect: Expectation | None = None
    measure: str | None = None
    nulls: Literal["defect", "pass", "skip"] = "skip"
    collects: str | None = None
    window: bool = False
    tolerance: Tolerance
    evidence: Literal["measured", "declared", "estimated"] = "measured"
    effort: Literal["S", "M", "L"]
    foundation: Literal["ritual", "responsibility", "scenario", "admin"]
    text: Texts
    worklist: WorklistSpec
    reproduce: Reproduce = Reproduce()
    examples: Examples | None = None

    @field_validator("code")
    @classmethod
    def _code_names_a_family(cls, code: str) -> str:
        match = _CODE.fullmatch(code)
        if not match or match["family"] not in FAMILIES[_SIGNALS[int(match["signal"]) - 1]]:
            raise RefusedValueError(
                'code "{code}" names no signal and family, such as S1.B2', code=code
            )
        return code

    @model_validator(mode="after")
    def _exactly_one_way_to_fail(self) -> CheckSpec:
        if sum(way is not None for way in (self.defect, self.expect, self.measure)) != 1:
            raise RefusedValueError("a check has exactly one of: defect, expect, measure")
        return self

    @property
    def signal(self) -> SignalId:
        """The signal that the code names."""
        return _SIGNALS[int(self.code[1]) - 1]

    @property
    def family(self) -> str:
        """The family that the code names."""
        return FAMILIES[self.signal][self.code[3]]
