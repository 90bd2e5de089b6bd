"""Files for machines, each replaced as a whole: who reads one never sees half of it."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.exit_codes import ExitCode
from auditor.output import writing_to

if TYPE_CHECKING:
    from datetime import datetime

    from checks.results import AuditResult


def replace_text(file: Path, text: str, option: str) -> None:
    """Write a file beside its place, then move it there.

    Args:
        file: Where it goes.
        text: All of it.
        option: Option that names another place.

    Raises:
        OutputError: If it cannot be written.
    """
    with writing_to(file, option):
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with open(descriptor, "w", encoding="utf-8") as handle:  # noqa: PTH123
                handle.write(text)
            os.chmod(beside, 0o644)  # noqa: PTH101 - a monitoring agent is another user
            Path(beside).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(beside).unlink()
            raise


def heartbeat(code: ExitCode, at: datetime, result: AuditResult | None) -> str:
    """Return what the heartbeat file says of a run that ended, well or not.

    A monitor alerts when ``finished_at`` grows old, and when ``outcome`` is ``broken``: then the
    CRM may be as it was, and the audit is to be mended.

    Args:
        code: How the program ends.
        at: When, by the clock.
        result: What was found; None where the audit failed.
    """
    outcome = "done"
    if code is ExitCode.THRESHOLD_REACHED:
        outcome = "threshold_reached"
    elif code is not ExitCode.DONE:
        outcome = "broken"
    facts = {
        "finished_at": at.isoformat(timespec="seconds"),
        "exit_code": int(code),
        "outcome": outcome,
        "as_of": result.run.as_of.isoformat() if result else None,
        "verdict": result.verdict.state if result else None,
        "records": sum(table.rows for table in result.run.tables.values()) if result else None,
    }
    return json.dumps(facts, indent=1) + "\n"
