"""Working time: everything that happens in a world happens on a working day, in office hours.

Moments are *work times*: 12.25 is a quarter through the thirteenth working day. Work time runs
without weekends and closures, so whatever is in order in it is in order on the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.worlds.habits import Floats, Ints

#: Hours in which a share of the day's work is done, with a break at noon.
_SHARES, _HOURS = (0.0, 0.45, 0.4501, 1.0), (8.5, 12.4, 13.75, 18.2)


@dataclass(frozen=True)
class Workdays:
    """The working days of a company, up to the day of the audit.

    Attributes:
        days: Their dates, in order.
    """

    days: npt.NDArray[np.datetime64]

    @property
    def end(self) -> float:
        """The moment of the export: late on the last day."""
        return len(self.days) - 0.05

    def back(self, calendar_days: float) -> float:
        """Return the work time so many calendar days before the export."""
        day = self.days[-1] - np.timedelta64(round(calendar_days), "D")
        return float(np.searchsorted(self.days, day))

    def stamp(self, moment: Floats, hours: Any = 0.0) -> npt.NDArray[np.datetime64]:
        """Return the seconds at which moments lie; NaT for moments that are not finite."""
        known = np.isfinite(moment)
        at = np.clip(np.where(known, moment, 0), 0, len(self.days) - 1e-6)
        index = at.astype(np.int64)
        hour = np.interp(at - index, _SHARES, _HOURS) + hours
        seconds = self.days[index].astype("datetime64[s]") + (hour * 3600).astype("timedelta64[s]")
        return np.where(known, seconds, np.datetime64("NaT"))

    def day(self, moment: Floats) -> npt.NDArray[np.datetime64]:
        """Return calendar days, also of moments to come: five working days a week."""
        known = np.isfinite(moment)
        index = np.floor(np.where(known, moment, 0)).astype(np.int64)
        last = len(self.days) - 1
        past = self.days[np.clip(index, 0, last)]
        ahead = np.busday_offset(self.days[-1], np.maximum(index - last, 0), roll="forward")
        return np.where(known, np.where(index > last, ahead, past), np.datetime64("NaT", "D"))

    @cached_property
    def month_end(self) -> Ints:
        """Index, per working day, of the last working day of its month."""
        return self._last_of(self.days.astype("datetime64[M]").astype(np.int64))

    @cached_property
    def month_start(self) -> Ints:
        """Index, per working day, of the first working day of its month."""
        months = self.days.astype("datetime64[M]").astype(np.int64)
        return np.searchsorted(months, months, side="left")

    @cached_property
    def month(self) -> Ints:
        """Months since 1970, per working day."""
        return self.days.astype("datetime64[M]").astype(np.int64)

    @cached_property
    def weekday(self) -> Ints:
        """0 for Monday, per working day."""
        return (self.days.astype(np.int64) + 3) % 7

    @cached_property
    def before_closure(self) -> npt.NDArray[np.bool_]:
        """Whether the office is closed for more than a weekend after that day."""
        gaps = np.diff(self.days).astype(np.int64)
        return np.append(gaps > 4, False)

    def _last_of(self, group: Ints) -> Ints:
        return np.searchsorted(group, group, side="right") - 1


def working_days(as_of: date, months: float) -> Workdays:
    """Return the working days of so many months: no weekends, a hole in August, one at New Year."""
    last = np.datetime64(as_of)
    first = np.datetime64(as_of - timedelta(days=round(months * 30.44)))
    days = np.arange(first, last + 1)
    weekday = (days.astype(np.int64) + 3) % 7
    month = days.astype("datetime64[M]")
    of_month = (days - month.astype("datetime64[D]")).astype(np.int64) + 1
    number = month.astype(np.int64) % 12 + 1
    closed = ((number == 8) & (of_month >= 5) & (of_month <= 19)) | (
        ((number == 12) & (of_month >= 24)) | ((number == 1) & (of_month == 1))
    )
    open_days = (weekday < 5) & ~closed
    open_days[-1] = True
    return Workdays(days[open_days])
