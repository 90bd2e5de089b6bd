"""Going on from an earlier pull: its pages are taken over, and only changes since are asked for.

What Salesforce has deleted for good leaves no trace, so the result is counted against the org; an
object whose count does not fit is pulled as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.http.pages import Landed, Page, PageStore, Sink
from connectors.salesforce.plan import ObjectPlan
from connectors.salesforce.slices import Slice, write_stamp

#: Records that are saved while others are read may bear an earlier stamp.
LOOKBACK = timedelta(minutes=10)
#: Deleted records stay in the bin for about as long.
BIN = timedelta(days=14)

#: Times the records of an object that earlier pages may hold.
_STALE = 1.5
_COPIED = 1 << 20


def newest_fitting(earlier: Sequence[PageStore], current: PageStore) -> PageStore | None:
    """Return the latest finished pull of the same source that deletions can still be told from."""
    now = datetime.fromisoformat(current.header["started"])
    for store in reversed(earlier):
        same = all(
            store.header.get(key) == current.header.get(key)
            for key in ("system", "source", "host", "api_version")
        )
        begun = datetime.fromisoformat(str(store.header.get("started")))
        if same and store.header.get("finished") and now - begun < BIN:
            return store
    return None


def take_over(
    earlier: PageStore,
    current: PageStore,
    plans: Sequence[ObjectPlan],
    before: Sequence[ObjectPlan],
) -> None:
    """Give a new pull the pages of an earlier one, for objects that are asked for in the same way.

    Args:
        earlier: A finished pull.
        current: The new one.
        plans: What the new one asks for.
        before: What the earlier one asked for.
    """
    damaged = {page.object for page in earlier.damaged()}
    known = {plan.name: plan for plan in before}
    begun = datetime.fromisoformat(earlier.header["started"]).astimezone(UTC)
    since = write_stamp(begun - LOOKBACK)
    for plan in plans:
        of, other = plan.of, known.get(plan.name)
        if other is None or plan.name in damaged or not of.stamp or of.rolling:
            continue
        pages = earlier.of(plan.name)
        came = sum(page.rows for page in pages)
        if other.fields != plan.fields or not plan.expected or not came:
            continue
        if came > _STALE * plan.expected:
            continue  # most of it has been replaced since: less to read as a whole
        current.forget(plan.name)  # of a run that was killed while it took pages over
        for page in pages:
            _copy(earlier, current, page)
        current.remember("since", object=plan.name, since=since)


def changes_of(store: PageStore, plan: ObjectPlan) -> Slice | None:
    """Return the slice of what changed since the earlier pull; None where there is none."""
    for note in reversed(store.notes):
        if note["note"] == "anew" and note["object"] == plan.name:
            return None
        if note["note"] == "since" and note["object"] == plan.name:
            return Slice("changes", since=note["since"])
    return None


def _copy(earlier: PageStore, current: PageStore, page: Page) -> None:
    """Take a page over, so that each folder is whole by itself and the earlier one may go."""
    number = len(current.of(page.object, "earlier"))
    suffix = Path(page.file).suffix

    def write(sink: Sink) -> Landed:
        with earlier.path(page).open("rb") as source:
            while chunk := source.read(_COPIED):
                sink.write(chunk)
        return Landed(page.rows, "", -1)

    current.land(page.object, "earlier", number, suffix, write)
