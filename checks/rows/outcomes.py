"""The outcomes of many conditions on one record, packed into few whole numbers.

A condition that several checks share is decided and kept once, and records with the same
outcomes can be counted together.
"""

from __future__ import annotations

#: Conditions to a number: the engine's whole numbers have 63 bits besides their sign.
_BITS = 60
_ALL = (1 << _BITS) - 1


class Outcomes:
    """Conditions of one scan, in the order in which they were asked for.

    A set of conditions is a whole number with one bit each.
    """

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}

    def bit(self, condition: str) -> int:
        """Return the set that holds this condition alone; NULL counts as false."""
        return 1 << self._bits.setdefault(condition, len(self._bits))

    def names(self) -> list[str]:
        """Return the names of the columns that the outcomes are kept in."""
        return [f"outcome_{number}" for number in range(-(-len(self._bits) // _BITS))]

    def columns(self) -> list[str]:
        """Return the expressions that fill these columns, with their names."""
        conditions = list(self._bits)
        return [
            " | ".join(
                f"CASE WHEN {condition} THEN {1 << place} ELSE 0 END"
                for place, condition in enumerate(conditions[start : start + _BITS])
            )
            + f" AS {name}"
            for name, start in zip(self.names(), range(0, len(conditions), _BITS), strict=True)
        ]

    def holds(self, conditions: int, *, but_not: int = 0) -> str:
        """Return the test, on these columns, that a record meets all of one set, none of another.

        Args:
            conditions: Those that must be true.
            but_not: Those that must not.
        """
        tests = []
        for number, name in enumerate(self.names()):
            wanted = conditions >> number * _BITS & _ALL
            asked = (conditions | but_not) >> number * _BITS & _ALL
            if asked:
                tests.append(f"{name} & {asked} = {wanted}")
        return " AND ".join(f"({test})" for test in tests) or "TRUE"
