"""Going on from an earlier pull: its pages are taken over, and only changes since are asked for.

What Salesforce has deleted for good leaves no trace, so the result is counted against the org; an
object whose count does not fit is pulled as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.http.earlier_pull import changed_since, copy_pages
from connectors.http.pages import PageStore
from connectors.salesforce.plan import ObjectPlan
from connectors.salesforce.slices import Slice, write_stamp

#: Times the records of an object that earlier pages may hold.
_STALE = 1.5


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
    since = write_stamp(changed_since(earlier))
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
        copy_pages(earlier, current, pages)
        current.remember("since", object=plan.name, since=since)


def changes_of(store: PageStore, plan: ObjectPlan) -> Slice | None:
    """Return the slice of what changed since the earlier pull; None where there is none."""
    for note in reversed(store.notes):
        if note["note"] == "anew" and note["object"] == plan.name:
            return None
        if note["note"] == "since" and note["object"] == plan.name:
            return Slice("changes", since=note["since"])
    return None
