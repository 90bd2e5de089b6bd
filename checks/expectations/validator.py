"""Great Expectations, quiet and offline: one frame in, one result an expectation out.

Importing it takes seconds, so nothing here does that before the first validation.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.expectations.expectation import Expectation

_LOGGER = "great_expectations"
_POSITION = "position"


def validate(
    frame: pd.DataFrame, expectations: Sequence[Expectation]
) -> list[ExpectationValidationResult]:
    """Run expectations on a frame, in their order, with the index of every failing row.

    Args:
        frame: Rows to be validated; their index identifies them in the results.
        expectations: Great Expectations' own objects.
    """
    with _quiet():
        import great_expectations as gx
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

        for position, expectation in enumerate(expectations):
            expectation.meta = {_POSITION: position}
        config = DataContextConfig(
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        )
        context = gx.get_context(mode="ephemeral", project_config=config)
        asset = context.data_sources.add_pandas("audit").add_dataframe_asset("frame")
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
        suite = gx.ExpectationSuite("suite", expectations=list(expectations))
        found = batch.validate(
            suite, result_format={"result_format": "COMPLETE", "exclude_unexpected_values": True}
        )
    return sorted(found.results, key=_position)


def error_of(result: ExpectationValidationResult) -> str | None:
    """Return the message of an expectation that could not be run, or None."""
    info: dict[str, Any] = result.exception_info or {}
    parts = [info] if "raised_exception" in info else list(info.values())
    messages = [part["exception_message"] for part in parts if part.get("raised_exception")]
    return str(messages[0]) if messages else None


def failing_rows(result: ExpectationValidationResult) -> list[Any]:
    """Return the index of each failing row; empty when there is none."""
    return list((result.result or {}).get("unexpected_index_list") or [])


def _position(result: ExpectationValidationResult) -> int:
    config = result.expectation_config
    return int(config.meta[_POSITION]) if config and config.meta else 0


@contextmanager
def _quiet() -> Iterator[None]:
    logger = logging.getLogger(_LOGGER)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
