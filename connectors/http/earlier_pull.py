"""Going on from an earlier pull: its pages are taken over, so that only changes are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.http.pages import Landed, Page, PageStore, Sink

#: Part that pages of an earlier pull have in a new one.
EARLIER = "earlier"
#: Records that are saved while others are read may bear an earlier stamp.
LOOKBACK = timedelta(minutes=10)
#: Deleted records stay in the bin for about as long.
BIN = timedelta(days=14)

_COPIED = 1 << 20


def newest_fitting(
    earlier: Sequence[PageStore], current: PageStore, way: Sequence[str]
) -> PageStore | None:
    """Return the latest finished pull of the same source that deletions can still be told from.

    Args:
        earlier: Pulls of the source, oldest first.
        current: The new one.
        way: What both must say alike in their headers, besides the source.
    """
    now = datetime.fromisoformat(current.header["started"])
    for store in reversed(earlier):
        same = all(
            store.header.get(key) == current.header.get(key)
            for key in ("system", "source", "host", *way)
        )
        begun = datetime.fromisoformat(str(store.header.get("started")))
        if same and store.header.get("finished") and now - begun < BIN:
            return store
    return None


def changed_since(earlier: PageStore) -> datetime:
    """Return the moment from which on changes are not in an earlier pull."""
    return datetime.fromisoformat(earlier.header["started"]).astimezone(UTC) - LOOKBACK


def copy_pages(earlier: PageStore, current: PageStore, pages: Sequence[Page]) -> None:
    """Take pages over, so that each folder is whole by itself and the earlier one may go."""
    for number, page in enumerate(pages):

        def write(sink: Sink, page: Page = page) -> Landed:
            with earlier.path(page).open("rb") as source:
                while chunk := source.read(_COPIED):
                    sink.write(chunk)
            return Landed(page.rows, "", -1)

        current.land(page.object, EARLIER, number, Path(page.file).suffix, write)
