"""The ten rules in Great Expectations on pandas, with the ids of the failing rows."""

from __future__ import annotations

import sys
from pathlib import Path

import great_expectations as gx
import pandas as pd

from bench.rules import RULES, Rule


def expectation(rule: Rule) -> gx.expectations.Expectation:
    """Return the rule as an expectation."""
    if rule.kind == "filled":
        return gx.expectations.ExpectColumnValuesToNotBeNull(column=rule.column)
    if rule.kind == "matches":
        return gx.expectations.ExpectColumnValuesToMatchRegex(column=rule.column, regex=rule.bound)
    bound = 0.01 if rule.kind == "positive" else pd.Timestamp(rule.bound)
    return gx.expectations.ExpectColumnValuesToBeBetween(column=rule.column, min_value=bound)


def main(folder: Path) -> None:
    """Validate the export and count the failing rows of every rule."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_pandas("export")
    frames = {
        stem: pd.read_csv(folder / f"{stem}.csv", dtype=str) for stem in ("Opportunity", "Contact")
    }
    deals = frames["Opportunity"]
    deals["Amount"] = pd.to_numeric(deals["Amount"])
    for column in ("CloseDate", "LastActivityDate"):
        deals[column] = pd.to_datetime(deals[column])
    for rule in RULES:
        frame = frames[rule.file]
        if rule.among:
            frame = frame[frame[rule.among[0]] == rule.among[1]]
        asset = source.add_dataframe_asset(rule.name)
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
        result = batch.validate(
            expectation(rule),
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["Id"],
                "exclude_unexpected_values": True,
            },
        )
        failing = result.result.get("unexpected_index_list") or [{"Id": []}]
        print(rule.name, len(failing[0]["Id"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
