"""Imports of others that take seconds, made on the second core while the engine reads."""

from __future__ import annotations

import gc
import importlib
from threading import Thread
from types import TracebackType
from typing import Self


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
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._unwanted = error is not None
        self._thread.join()  # an import that the end of the program cuts off may bring it down

    def wait(self) -> None:
        """Return once all modules are there.

        Raises:
            ImportError: If one of them cannot be imported.
        """
        self._thread.join()
        if self._error:
            raise self._error

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
