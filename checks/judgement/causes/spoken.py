"""What people say of rules and of their tool: shown beside the causes, and deciding none.

People know who owns a rule and how long they type. But a cause that answers could turn would be a
cause that answers could buy, so it rests on the records alone.
"""

from __future__ import annotations

from checks.cause_results import Discriminator
from checks.interview.answers import Answers
from checks.judgement.hearing import FAILS_FROM, mean_level, standing

#: Questions on whether there are rules: an owner of the data, stages in writing, a review.
RULES = ("who_corrects", "stage_definition", "review_on_screen")
#: Rules that are missing from which the answers speak for the organisation.
MISSING_FROM = 2
_TYPING = "typing_time"

#: Evidence that only people give.
SPOKEN = ("declared", _TYPING)


def spoken(answers: Answers | None) -> list[Discriminator]:
    """Return what people say for the organisation or for the tool.

    Args:
        answers: What people answered, or None without an interview.
    """
    return [_rules(answers), *_typing(answers)]


def _rules(answers: Answers | None) -> Discriminator:
    """Count the rules that are missing by what people say, of those that somebody knows of."""
    levels = [mean_level(answers.to(question)) for question in RULES] if answers else []
    known = [level for level in levels if level is not None]
    if len(known) < MISSING_FROM:
        return Discriminator(code="declared", measured=False, limit=MISSING_FROM)
    missing = sum(standing(level) == "fails" for level in known)
    return Discriminator(
        code="declared",
        measured=True,
        value=missing,
        limit=MISSING_FROM,
        points_to="organisation" if missing >= MISSING_FROM else "neither",
        facts={"missing": missing, "asked": len(known)},
    )


def _typing(answers: Answers | None) -> list[Discriminator]:
    """Return how long people say they type; nothing where nobody said it."""
    level = mean_level(answers.to(_TYPING)) if answers else None
    if level is None:
        return []
    return [
        Discriminator(
            code=_TYPING,
            measured=True,
            value=round(level, 2),
            limit=FAILS_FROM,
            points_to="tool" if level >= FAILS_FROM else "neither",
        )
    ]
