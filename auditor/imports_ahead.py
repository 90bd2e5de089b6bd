"""Imports of others that take seconds, made on the second core while the engine reads.

Two threads in Python only hinder each other: so they begin when the engine does, which then works
by itself.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from connectors.base import Stage


class ImportsAhead:
    """Imports modules in the background; used as a context, which never outlives the imports.

    Args:
        modules: Names of modules, in the order of import.
    """

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._thread = Thread(target=self._import, name="imports")
        self._error: ImportError | None = None
        self._unwanted = False

    def __enter__(self) -> Self:
        return self

    def beginning_with(self, name: str, stage: Stage) -> Stage:
        """Return a stage that begins to import when the one of that name begins."""

        @contextmanager
        def watched(begun: str) -> Iterator[None]:
            if begun == name:
                self._begin()
            with stage(begun):
                yield

        return watched

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._unwanted = error is not None
        if self._thread.ident is not None:
            self._thread.join()  # an import that the end of the program cuts off may bring it down

    def wait(self) -> None:
        """Return once all modules are there.

        Raises:
            ImportError: If one of them cannot be imported.
        """
        self._begin()
        self._thread.join()
        if self._error:
            raise self._error

    def _begin(self) -> None:
        if self._thread.ident is None:
            self._thread.start()

    def _import(self) -> None:
        gc.disable()  # a module is no garbage, and looking for some takes a fifth of the time
        try:
            for module in self._modules:
                if not self._unwanted:
                    importlib.import_module(module)
        except ImportError as error:
            self._error = error
        finally:
            gc.enable()
            gc.freeze()
