"""When a few people are enough to speak of a habit of all."""

from __future__ import annotations

from typing import Any

#: People from whom on a check that counts people may be present.
_MANY_PEOPLE = 4


def enough_people(hit: Any, people: Any) -> Any:
    """Return whether so many people make a habit of all: four, or three and half of them.

    Args:
        hit: People hit; a number, or an array of numbers.
        people: People examined, of the same shape.
    """
    return (hit >= _MANY_PEOPLE) | ((hit >= _MANY_PEOPLE - 1) & (2 * hit >= people))
