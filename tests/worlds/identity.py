"""Numbers that belong to nobody: phone ranges kept for fiction, company numbers that add up."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Ranges that the French and British regulators keep for fiction: prefix and free digits.
_LANDLINES = {
    "fr": (("01 99 00", 4), ("02 61 91", 4), ("03 53 01", 4), ("04 65 71", 4), ("05 36 49", 4)),
    "en": (
        ("0113 496 0", 3), ("0114 496 0", 3), ("0115 496 0", 3), ("0116 496 0", 3),
        ("0117 496 0", 3), ("0118 496 0", 3), ("0121 496 0", 3), ("0131 496 0", 3),
        ("0141 496 0", 3), ("0151 496 0", 3), ("0161 496 0", 3), ("0191 498 0", 3),
    ),
}  # fmt: skip
_MOBILES = {"fr": ("06 39 98", 4), "en": ("07700 900", 3)}
#: Where so many of the fictional range would be taken that typos meet: any mobile number.
_MOST_FICTIONAL = 1_000
_ANY_MOBILE = {"fr": ("07", 8), "en": ("077", 8)}


def landlines(rng: np.random.Generator, language: str, count: int) -> Any:
    """Return switchboard numbers, different ones as long as the ranges last."""
    ranges = _LANDLINES[language]
    each = 10 ** ranges[0][1]
    serial = np.resize(rng.permutation(each * len(ranges)), count)
    prefix = np.array([text for text, _ in ranges], dtype=object)[serial // each]
    return prefix + _digits(serial % each, ranges[0][1], language)


def mobiles(rng: np.random.Generator, language: str, count: int) -> Any:
    """Return mobile numbers, all different."""
    prefix, digits = _MOBILES[language]
    if count > _MOST_FICTIONAL:
        prefix, digits = _ANY_MOBILE[language]
    serial = rng.permutation(10**digits)[:count] if digits < 6 else _distinct(rng, digits, count)
    return prefix + _digits(serial, digits, language)


def sirens(rng: np.random.Generator, count: int) -> Any:
    """Return French company numbers whose check digit is right."""
    body = _distinct(rng, 8, count)
    digits = body[:, None] // 10 ** np.arange(7, -1, -1) % 10
    digits[:, 1::2] *= 2
    check = -(digits // 10 + digits % 10).sum(axis=1) % 10
    return np.char.zfill((body * 10 + check).astype(str), 9).astype(object)


def _digits(serial: Any, digits: int, language: str) -> Any:
    text = np.char.zfill(serial.astype(str), digits)
    if language == "en":
        return text.astype(object)
    parts = [[number[i : i + 2] for i in range(0, digits, 2)] for number in text]
    return np.array([" " + " ".join(part) for part in parts], dtype=object)


def _distinct(rng: np.random.Generator, digits: int, count: int) -> Any:
    """Return different numbers of that many digits, the first of which is not 0."""
    low, high = 10 ** (digits - 1), 10**digits
    start = int(rng.integers(low, high))
    step = 7_368_787  # prime, so multiples do not meet before the range is used up
    return low + (start + step * np.arange(count, dtype=np.int64)) % (high - low)
