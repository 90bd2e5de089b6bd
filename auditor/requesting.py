"""From the words of the command line and ``auditor.yaml`` to what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from auditor.options import chosen_languages
from auditor.usage import one_of
from connectors.errors import ConfigurationError

if TYPE_CHECKING:
    from auditor.config import Configuration
    from auditor.history.keeping import HistoryRequest
    from auditor.history.series import KnownAs
    from auditor.job import Job
    from auditor.owner_mail import OwnerMail
    from auditor.request import AuditRequest
    from auditor.sources import Source
    from auditor.terminal import Terminal


def audit_request(
    configuration: Configuration,
    source: Source,
    as_of: str,
    *,
    out: Path,
    lang: str | None,
    csv_style: str | None,
    named: bool,
    redact: bool,
    earlier: Sequence[str] = (),
    answers: Sequence[Path] = (),
    history: HistoryRequest | None = None,
    workbook_rows: int = 1000,
    owner_workbooks: bool = False,
    owner_mail: OwnerMail | None = None,
    pdf: bool = False,
    now: datetime,
) -> AuditRequest:
    """Return the request to audit a source, with every default filled in.

    Raises:
        ConfigurationError: If options contradict each other, or one is not understood.
    """
    from auditor.extraction import parse_earlier
    from auditor.identity import settled_identity
    from auditor.request import AuditRequest

    if named and redact:
        raise ConfigurationError(
            "--named and --redact contradict each other", next_step="Leave one of them out."
        )
    if owner_workbooks and redact:
        raise ConfigurationError(
            "--owner-workbooks and --redact contradict each other",
            next_step="Leave one of them out.",
        )
    if owner_mail and not named:
        raise ConfigurationError(
            "--owner-mail writes to people, and needs --named",
            next_step="Add --named, or leave out owner_mail.",
        )
    languages = chosen_languages(lang, configuration.content.report.languages)
    style: Literal["us", "eu"] = "eu" if "fr" in languages else "us"
    style = configuration.content.report.csv_style or style
    if csv_style is not None:
        style = "eu" if one_of("--csv-style", csv_style, ("us", "eu")) == "eu" else "us"
    return AuditRequest(
        source=source,
        configuration=configuration,
        as_of=as_of,
        now=now,
        out=out,
        languages=languages,
        csv_style=style,
        named=named,
        redact=redact,
        earlier=tuple(parse_earlier(text) for text in earlier),
        answers=tuple(answers),
        history=history,
        workbook_rows=workbook_rows,
        owner_workbooks=owner_workbooks or owner_mail is not None,
        owner_mail=owner_mail,
        pdf=pdf,
        signature=settled_identity(configuration).parameters(),
    )


def history_request(
    configuration: Configuration, file: Path | None, source: KnownAs, *, rebaseline: bool
) -> HistoryRequest | None:
    """Return where audits are kept; None where neither the command line nor the settings say.

    Raises:
        ConfigurationError: If a new beginning is asked for, and there is no history.
    """
    from auditor.history.keeping import HistoryRequest

    file = file or configuration.history
    if file is not None:
        section = configuration.content.history
        return HistoryRequest(
            file,
            source,
            rebaseline=rebaseline,
            keep_months=section.keep_months if section else None,
        )
    if rebaseline:
        raise ConfigurationError(
            "--rebaseline needs a history", next_step="Name its file: --history FILE."
        )
    return None


def job_request(
    terminal: Terminal,
    configuration: Configuration,
    addresses: list[str],
    *,
    junit: Path | None,
    metrics: Path | None,
    heartbeat: Path | None,
) -> Job:
    """Return what is to be done besides the report."""
    from auditor.alerts import Alerts
    from auditor.job import Job

    section = configuration.content.alerts
    to = (*section.to, *addresses)
    return Job(
        language=terminal.language,
        junit=junit,
        metrics=metrics,
        heartbeat=heartbeat,
        alerts=Alerts(to, section.language, section.link, section.attach) if to else None,
    )


def owner_mail_request(configuration: Configuration, through: str | None) -> OwnerMail | None:
    """Return how owners get their records; None where nobody asked for it.

    Raises:
        ConfigurationError: If no mail can be sent by what was asked for.
    """
    from auditor.owner_mail import OwnerMail, check_owner_mail
    from auditor.sections import OwnerMailSection

    section = configuration.content.owner_mail
    if section is None and not through:
        return None
    section = section or OwnerMailSection()
    mail = OwnerMail(
        through or section.through, section.addresses, section.from_crm, section.language
    )
    check_owner_mail(mail)
    return mail
