"""What the invented audit says about itself: files, columns, intake, and whether it is trusted."""

from __future__ import annotations

from datetime import date

from checks.run_info import Breach, ContractResult, Notice, RunInfo, TableRows


def sample_run(*, trusted: bool) -> RunInfo:
    """Return the run of an export whose contract holds, or is broken by unresolved keys."""
    breaches = [
        Breach(
            code="unresolved_keys",
            table="deals",
            column="account_id",
            observed="0.813",
            limit="0.5",
        )
    ]
    return RunInfo(
        tool_version="0.1.0",
        source="acme-export",
        system="salesforce-report",
        as_of=date(2026, 11, 30),
        as_of_origin="deals.modified_at",
        profile_hash="1f3a9c0be771",
        catalogue_hash="77ab01cd9e52",
        tables={
            "deals": TableRows(rows=4182),
            "accounts": TableRows(rows=1204),
            "contacts": TableRows(rows=3144),
        },
        contract=ContractResult(success=trusted, breaches=[] if trusted else breaches),
        warnings=[Notice(code="users_derived_from_names", facts={"rows": 11})],
        provenance={
            "files": [
                {
                    "name": "affaires.csv",
                    "table": "deals",
                    "system": "salesforce-report",
                    "language": "fr",
                    "reason": "headers",
                    "confidence": 0.94,
                    "encoding": "cp1252",
                    "separator": ";",
                    "rows_in": 4190,
                    "rows_loaded": 4182,
                    "lines_set_aside": 6,
                },
                {"name": "notes.docx.csv", "table": None, "reason": "no_known_table"},
            ],
            "columns": [
                {
                    "table": "deals",
                    "column": "close_date",
                    "file": "affaires.csv",
                    "header": "Date de clôture",
                    "reason": "dialect",
                    "confidence": 0.95,
                    "format": "dd/mm/yyyy",
                }
            ],
            "removed": {"deals": {"deleted": 12}},
            "intake": {
                "columns": [{"table": "deals", "column": "amount", "filled": 4000, "unparsed": 8}],
                "keys": [
                    {
                        "table": "deals",
                        "column": "account_id",
                        "target": "accounts",
                        "filled": 4000,
                        "unresolved": 31,
                    }
                ],
                "unread": [
                    {
                        "table": "deals",
                        "column": "amount",
                        "file": "affaires.csv",
                        "line": 311,
                        "reason": "unbalanced_quote",
                    }
                ],
            },
        },
        parameters={"window_months": 12},
    )
