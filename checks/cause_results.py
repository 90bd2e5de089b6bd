"""What a result says about causes: of each finding, and of all of them together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from checks.run_info import ResultPart

Cause = Literal["organisational", "team", "individual", "technical", "mixed", "not_separable"]
About = Literal["records", "people", "differences"]
CauseClass = Literal["none", "technical", "team", "individual", "systemic", "mixed", "undetermined"]


class CausePart(ResultPart):
    """What one cause explains of a finding; parts are peeled off one after the other.

    Attributes:
        kind: ``systemic``, ``team``, ``individual``, ``technical``, or ``mixed`` for people
            beyond what is tolerated whom no rule explains.
        share: Share of the finding's excess, 0 to 1.
        excess: Defects beyond what is tolerated.
        people: People concerned.
        attribute: What tells the records of a technical cause: ``import_batch``, ``source``...
        level: Its value, as it stands in the CRM.
        teams: Number of teams concerned.
    """

    kind: CauseClass
    share: float
    excess: float
    people: int
    attribute: str | None = None
    level: str | None = None
    teams: int = 0


class CheckTriage(ResultPart):
    """Where the defects of one finding come from.

    Attributes:
        kind: The part with at least 60 % of the excess, else ``mixed``.
        about: Whether it was read from the rates of people's records, from who is hit, or from how
            people differ on like work.
        confidence: Share of bootstrap draws that give the same class; None where undetermined.
        undetermined_because: Code of the reason, or None.
        facts: Facts for the sentence behind it.
        people: People beyond what is tolerated.
        of_people: People who own records that were examined.
        holding_most: Fewest people who hold 80 % of the excess together.
        parts: In the order in which they were peeled off.
    """

    kind: CauseClass
    about: About = "records"
    confidence: float | None = None
    undetermined_because: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    people: int = 0
    of_people: int = 0
    holding_most: int = 0
    parts: list[CausePart] = Field(default_factory=list)


class CauseShare(ResultPart):
    """A share of all excess defects, weighed in money, with its 95 % bootstrap interval."""

    value: float
    lo: float
    hi: float


class Discriminator(ResultPart):
    """Evidence that tells an organisation from its tool, where it could be measured.

    That every team has a defect does not prove that the organisation causes it: a badly made
    form also hits everybody.

    Attributes:
        code: ``between_teams``, ``required_fields``, ``unused_fields``, ``tool_change``,
            ``sync_errors``; or, from what people say, ``declared`` and ``typing_time``.
        measured: Whether this export, or people, could tell.
        value: What was found, in the unit of the code.
        limit: From where it points to ``points_to``.
        points_to: What it speaks for; None where not measured or within the limit.
        facts: Facts for its sentence.
    """

    code: str
    measured: bool
    value: float | None = None
    limit: float | None = None
    points_to: Literal["organisation", "tool", "neither"] | None = None
    facts: dict[str, Any] = Field(default_factory=dict)


class Thesis(ResultPart):
    """The thesis "it is the organisation", tried on all present findings together.

    Attributes:
        outcome: ``supports``, ``contradicts`` (a technical process), ``individual`` or
            ``undetermined``.
        findings: Findings that are present.
        examined: Those whose cause could be asked for.
        organisational: Share of systemic and team causes.
        individual: Share of single people.
        technical: Share of technical processes.
        unexplained: Share that no rule explains.
        of_teams: Share of team causes alone, part of ``organisational``.
        friction_measured: Whether the effort that the tool asks for could be measured in each
            way that an export allows; while it was not, nobody may say that it is small.
        discriminators: All of them, measured or not.
    """

    outcome: Literal["supports", "contradicts", "individual", "undetermined"]
    findings: int
    examined: int
    organisational: CauseShare | None = None
    individual: CauseShare | None = None
    technical: CauseShare | None = None
    unexplained: CauseShare | None = None
    of_teams: CauseShare | None = None
    friction_measured: bool = False
    discriminators: list[Discriminator] = Field(default_factory=list)
