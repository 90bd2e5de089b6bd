"""The plan as a CSV file, for whoever follows actions in a spreadsheet or another tool."""

from __future__ import annotations

import csv
import io

from checks.results import AuditResult
from reports.plan_lines import PlanLine, plan_lines
from reports.wording import Wording
from reports.worklists import BYTE_ORDER_MARK, guarded

_HEADINGS = (
    *("number", "action", "do", "owner", "when", "foundation", "goal", "baseline", "target"),
    *("due", "money", "currency", "lists", "id"),
)


def plan_csv(words: Wording, result: AuditResult) -> str:
    """Return one line an action, in the style of the audit's lists, guarded like them."""
    european = result.run.parameters.get("csv_style") == "eu"
    text = io.StringIO(newline="")
    separator = ";" if european else ","
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([words(f"actions.{heading}") for heading in _HEADINGS])
    for line in plan_lines(words, result):
        writer.writerow(_cells(line, result.verdict.money.currency, european=european))
    return (BYTE_ORDER_MARK if european else "") + text.getvalue()


def _cells(line: PlanLine, currency: str | None, *, european: bool) -> list[str]:
    def number(value: object) -> str:
        text = "" if value is None else str(value)
        return text.replace(".", ",") if european else text

    texts = [line.title, line.do, line.owner, line.when, line.foundation, line.goal]
    return [
        str(line.number),
        *(guarded(text) for text in texts),
        number(_share(line.baseline)),
        number(_share(line.target)),
        line.due.isoformat(),
        number(line.money),
        guarded(currency or "") if line.money is not None else "",
        guarded(" ".join(line.lists)),
        guarded(line.id),
    ]


def _share(value: float | None) -> float | None:
    """Return a share as exact as a reader can use it; the result holds it in full."""
    return None if value is None else round(value, 4)
