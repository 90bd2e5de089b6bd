"""Several readers at a time, all of which end when one of them fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from connectors.errors import AuditorError, SourceUnreachableError
from connectors.http.limiter import Clock, HaltedError

T = TypeVar("T")


def read_together(
    work: Iterable[T], read: Callable[[T], None], readers: int, clock: Clock, service: str
) -> None:
    """Read everything, several at a time.

    Args:
        work: What is to be read, the longest first.
        read: Reads one of it.
        readers: How many at a time.
        clock: Halted when one reader fails, so that the others end too.
        service: Name of the service, for messages.

    Raises:
        SourceUnreachableError: If not everything could be read.
    """
    pool = ThreadPoolExecutor(max_workers=readers)
    futures = [pool.submit(read, each) for each in work]
    try:
        wait(futures, return_when=FIRST_EXCEPTION)
    finally:
        failed = any(future.done() and future.exception() for future in futures)
        if failed or not all(future.done() for future in futures):
            clock.halted.set()
        pool.shutdown(wait=True, cancel_futures=True)
    _raise_first(futures, service)


def _raise_first(futures: Sequence[Future[None]], service: str) -> None:
    """Raise what went wrong: a fault of ours before a refusal, a refusal before a halt."""
    errors = [f.exception() for f in futures if f.done() and not f.cancelled() and f.exception()]
    for kind in (Exception, AuditorError):
        for error in errors:
            ours = not isinstance(error, AuditorError | HaltedError)
            if error is not None and (ours if kind is Exception else isinstance(error, kind)):
                raise error
    if errors or any(future.cancelled() for future in futures):
        raise SourceUnreachableError(
            "the pull was stopped",
            where=service,
            next_step="Run again to go on where it stopped.",
        )
