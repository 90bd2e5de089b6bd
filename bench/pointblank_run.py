"""The ten rules in Pointblank on Polars, with its report."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pointblank as pb
import polars as pl

from bench.rules import RULES, Rule


def add(plan: pb.Validate, rule: Rule) -> pb.Validate:
    """Return the plan with the rule added."""

    def among(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(pl.col(rule.among[0]) == rule.among[1]) if rule.among else frame

    if rule.kind == "filled":
        return plan.col_vals_not_null(columns=rule.column, pre=among)
    if rule.kind == "matches":
        return plan.col_vals_regex(columns=rule.column, pattern=rule.bound, na_pass=True, pre=among)
    bound = 0.01 if rule.kind == "positive" else date.fromisoformat(rule.bound)
    return plan.col_vals_ge(columns=rule.column, value=bound, na_pass=True, pre=among)


def main(folder: Path) -> None:
    """Validate the export and write the reports."""
    for stem in ("Opportunity", "Contact"):
        frame = pl.read_csv(folder / f"{stem}.csv", infer_schema=False)
        frame = frame.with_columns(pl.col(pl.String).replace("", None))
        if stem == "Opportunity":
            frame = frame.with_columns(
                pl.col("Amount").cast(pl.Float64),
                pl.col("CloseDate", "LastActivityDate").str.to_date(),
            )
        plan = pb.Validate(data=frame)
        for rule in RULES:
            if rule.file == stem:
                plan = add(plan, rule)
        done = plan.interrogate()
        print(stem, done.n_failed(), len(done.get_tabular_report().as_raw_html()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
