"""The mail to one owner: how many of their records each check lists, and where they are."""

from __future__ import annotations

from collections.abc import Mapping

from checks.results import AuditResult
from reports.alert_text import AlertText
from reports.record_text import cell_text
from reports.sentences import check_text
from reports.wording import Wording


def owner_mail_text(words: Wording, result: AuditResult, records: Mapping[str, int]) -> AlertText:
    """Return the mail; the records themselves are in the file that goes with it.

    Args:
        words: The reader's language.
        result: What the audit found.
        records: How many records each check lists, by its id.
    """
    source = cell_text(result.run.parameters.get("client") or result.run.source, 80)
    titles = {check.check_id: check_text(words, check, "title") for check in result.checks}
    lines = [
        words("owner_mail.line", title=titles[check_id], count=count)
        for check_id, count in records.items()
        if check_id in titles
    ]
    body = "\n\n".join([words("owner_mail.lead"), "\n".join(lines), words("owner_mail.end")])
    subject = words("owner_mail.subject", source=source, day=words.numbers.day(result.run.as_of))
    return AlertText(subject, body + "\n")
