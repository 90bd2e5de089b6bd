"""The one retry policy: how often, and how long to wait in between."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

#: Statuses that mean "not now" for every service, whatever the body says.
TRANSIENT = frozenset({406, 408, 420, 425, 429, 500, 502, 503, 504, 520, 522, 524})


@dataclass
class RetryPolicy:
    """Waits that double, up to a limit, with chance so that several callers spread out.

    Args:
        attempts: How often a request is sent before it is given up.
        first: Seconds before the second attempt, about.
        most: The longest wait that is worth it; who asks for more is taken at their word, and
            the pull stops.
        seed: Of the chance.
    """

    attempts: int = 5
    first: float = 1.0
    most: float = 120.0
    seed: int = 0
    _chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - spreads callers, keeps no secret

    def wait(self, attempt: int, asked: float | None = None) -> float | None:
        """Return how long to wait after an attempt; None when it is to be given up.

        Args:
            attempt: Number of the attempt that failed, from 1.
            asked: Seconds that the service asks for.
        """
        if attempt >= self.attempts or (asked or 0) > self.most:
            return None
        if asked is not None:
            return asked
        longest: float = min(self.most, self.first * 2.0 ** (attempt - 1))
        return longest * (0.5 + 0.5 * self._chance.random())
