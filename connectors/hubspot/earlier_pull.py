"""Going on from an earlier pull: its lists and histories are taken over, and changes searched for.

A search finds neither what was erased nor what lies in the recycle bin: the bin is listed anew, and
the result is counted against the portal; an object whose count does not fit is pulled as a whole.
Links have no stamp of their own, so all of them are read again.
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.http.earlier_pull import EARLIER, changed_since, copy_pages
from connectors.http.pages import PageStore
from connectors.hubspot.plan import ObjectPlan
from connectors.hubspot.reader import ARCHIVED, history_of, in_batches


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
    since = f"{changed_since(earlier):%Y-%m-%dT%H:%M:%SZ}"
    for plan in plans:
        stored = [plan.name, history_of(plan.name)]
        if known.get(plan.name) != plan or damaged & set(stored) or in_batches(earlier, plan.name):
            continue
        for name in stored:
            pages = [page for page in earlier.of(name) if page.part != ARCHIVED]
            current.forget(name)  # of a run that was killed while it took pages over
            copy_pages(earlier, current, pages)
        if current.of(plan.name, EARLIER):
            current.remember("since", object=plan.name, since=since)
