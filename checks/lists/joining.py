"""All lists of an audit, joined and ordered before anybody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from queue import Empty, SimpleQueue

from checks.context import Context
from checks.lists.list_queries import list_query
from checks.lists.record_names import lay_out_names
from checks.measurement import Measurement
from checks.measuring import Measured
from checks.spec import CheckSpec


def join_lists(context: Context, specs: Sequence[CheckSpec], measured: Measured) -> None:
    """Join and order the list of every check that has hits, two at a time.

    To order a list, and to write it down in that order, the engine uses half of the machine.
    """
    listed = list(measured.with_hits(specs))
    lay_out_names(context, (spec for spec, _ in listed))
    waiting: SimpleQueue[tuple[CheckSpec, Measurement]] = SimpleQueue()
    for one in listed:
        waiting.put(one)
    with (
        closing(context.snapshot.beside()) as snapshot,
        ThreadPoolExecutor(max_workers=1) as beside,
    ):
        other = beside.submit(_join, replace(context, snapshot=snapshot), waiting)
        _join(context, waiting)
        other.result()


def _join(context: Context, waiting: SimpleQueue[tuple[CheckSpec, Measurement]]) -> None:
    """Join what is waiting, one after the other, until nothing is left."""
    while True:
        try:
            spec, measurement = waiting.get_nowait()
        except Empty:
            return
        list_query(context, spec, measurement)
