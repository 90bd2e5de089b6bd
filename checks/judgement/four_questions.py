"""The four questions to settle before any tool: who uses what, who steers, controls, decides.

Each reply names its evidence. ``yes`` needs records: what people only say is in place is shown
as said, and what nobody showed or said stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from checks.judgement.foundations import Seen, answers_by_id, look, mappings
from checks.results import CheckResult
from checks.system import Basis, DeclaredAnswers, QuestionId, QuestionResult, Reply, Witness

#: Checks that must hold, with none failing, before records alone say yes.
FEWEST_HOLDING = 2


def four_questions(
    checks: Sequence[CheckResult], declared: DeclaredAnswers | None
) -> list[QuestionResult]:
    """Return the article's four questions, each with its reply and its evidence."""
    by_id = {check.check_id: check for check in checks}
    answers = answers_by_id(declared)
    return [
        _reply(question, look(sources, by_id, answers))
        for question, sources in mappings().questions.items()
    ]


def _reply(question: QuestionId, seen: Seen) -> QuestionResult:
    measured, said = _measured(seen.measured), _said(seen.said)
    in_part = said == "no" and any(one.says == "holds" for one in seen.measured)
    reply, basis = _weighed(measured, "partly" if in_part else said)
    return QuestionResult(
        id=question,
        reply=reply,
        basis=basis,
        contradicted=(measured, said) == ("no", "yes"),
        witnesses=seen.witnesses,
        unseen=list(seen.unseen),
    )


def _measured(witnesses: Sequence[Witness]) -> Reply:
    """Return what the records reply: no if most of what was decided fails, partly if some does."""
    says = [one.says for one in witnesses]
    failing, holding, partly = (says.count(one) for one in ("fails", "holds", "partly"))
    if failing:
        return "no" if failing > holding else "partly"
    if partly:
        return "partly"
    return "yes" if holding >= FEWEST_HOLDING else "unknown"


def _said(witnesses: Sequence[Witness]) -> Reply:
    says = {one.says for one in witnesses}
    if not says:
        return "unknown"
    if says == {"holds"}:
        return "yes"
    return "no" if says == {"fails"} else "partly"


def _weighed(measured: Reply, said: Reply) -> tuple[Reply, Basis | None]:
    """Return the reply and its basis: the records where they say something, else people.

    What people say is missing is one part of a question; beside a part that the records show, it
    makes no more than a partly.
    """
    if measured == "yes" and said == "partly":
        return "partly", "measured"
    if measured != "unknown":
        return measured, "measured"
    return said, None if said == "unknown" else "declared"
