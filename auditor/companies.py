"""Several CRMs in one job: each audited for itself, and one page with all of them.

Each has a folder of its own in the output folder, and a line of its own in the history. One that
cannot be audited keeps no other from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.exit_codes import ExitCode, code_of, gravest
from auditor.history.series import KnownAs
from auditor.output import page_name, staged, summary_name, writing_to
from auditor.sources import FolderSource
from connectors.errors import AuditorError, ConfigurationError

if TYPE_CHECKING:
    from auditor.conducting import Conduct
    from auditor.config import Configuration
    from auditor.job import Job
    from auditor.request import AuditRequest
    from auditor.sources import Source
    from checks.results import AuditResult
    from reports.summary_view import CompanyAudit


@dataclass(frozen=True)
class Company:
    """One of several sources.

    Attributes:
        name: As the settings call it; empty where they do not.
        folder: Its folder in the output folder.
    """

    name: str
    folder: str
    source: Source

    def known_as(self, others: Sequence[Company] = ()) -> KnownAs:
        """Return how a history knows it, beside others or alone."""
        around = tuple(other.known_as() for other in others if other != self)
        return KnownAs(self.name, self.source.label, around)


def companies(configuration: Configuration, find: Callable[[str], Source]) -> list[Company]:
    """Return the sources of the settings, in their order.

    Args:
        configuration: What ``auditor.yaml`` says.
        find: Returns the source that a word of the command line names.

    Raises:
        ConfigurationError: If two of them would share a folder.
    """
    found: dict[str, Company] = {}
    for name, word in configuration.sources:
        folder = re.sub(r"[^\w-]+", "-", name).strip("-") or "source"
        if folder.casefold() in found:
            raise configuration.document.error(
                "two sources would share the folder {folder}",
                "sources",
                next_step="Give each a name of its own under sources:, such as paris and lyon.",
                folder=folder,
            )
        found[folder.casefold()] = Company(name, folder, find(word))
    return list(found.values())


def named_alone(configuration: Configuration, source: str, found: Source) -> Company:
    """Return a source of the command line, by its name in the settings if it is one of theirs."""
    path = Path(source).resolve()
    names = (
        name
        for name, word in configuration.sources
        if source == word or (isinstance(found, FolderSource) and path == Path(word).resolve())
    )
    return Company(next(names, ""), "", found)


def refuse_what_is_of_one(options: Mapping[str, object]) -> None:
    """Refuse options that say something of one CRM only.

    Args:
        options: What was given, by the name of the option.

    Raises:
        ConfigurationError: If one was given.
    """
    for option, value in options.items():
        if value:
            raise ConfigurationError(
                "{option} is about one source, and the settings name several",
                next_step="Name one of them: auditor audit SOURCE.",
                option=option,
            )


def audit_each(
    conduct: Conduct, request: AuditRequest, job: Job, found: Sequence[Company]
) -> ExitCode:
    """Audit companies one after the other, write the page of all, and return the gravest code.

    Args:
        conduct: How audits are run.
        request: What was asked for; source, folder and history are those of each company.
        job: What is to be done besides; each company gets files of its own.
        found: The companies, in their order.
    """
    from reports.summary_view import CompanyAudit

    audits, codes = [], []
    for number, company in enumerate(found, start=1):
        counted = {"number": number, "count": len(found)}
        conduct.terminal.tell("{name} ({number} of {count})", name=company.name, **counted)
        result, problem, code = _audit(
            conduct, _of(request, company, found), job.of(company.name, company.folder)
        )
        audits.append(CompanyAudit(company.name, result, company.folder, problem))
        codes.append(code)
    write_summary(audits, request.languages, request.out)
    pages = ", ".join(str(request.out / summary_name(one)) for one in request.languages)
    conduct.terminal.tell("All companies on one page: {pages}", pages=pages)
    if conduct.json:
        results = {one.name: one.result for one in audits if one.result}
        shown = {name: json.loads(result.to_json()) for name, result in results.items()}
        conduct.terminal.show(json.dumps(shown, ensure_ascii=False, indent=1))
    return gravest(codes)


def write_summary(audits: Sequence[CompanyAudit], languages: Sequence[str], out: Path) -> None:
    """Write the page of several companies, one a language.

    Args:
        audits: One a company; ``page`` is the folder of its report.
        languages: One page each.
        out: Folder for the pages, which holds those of the companies.
    """
    from reports.render import render_summary

    with staged(out, whole_audit=False) as stage, writing_to(out):
        for language in languages:
            own = [replace(one, page=f"{one.page}/{page_name(language)}") for one in audits]
            others = {other: summary_name(other) for other in languages if other != language}
            page = render_summary(own, language, other_pages=others)
            (stage / summary_name(language)).write_text(page, encoding="utf-8")


def _audit(
    conduct: Conduct, request: AuditRequest, job: Job
) -> tuple[AuditResult | None, str, ExitCode]:
    """Audit one company; return its result, or else why there is none, and how it ended."""
    result = None
    try:
        with job.watched(conduct.terminal.translate):
            done, code = conduct.audited(request, job.series)
            result = done.result
            conduct.follow_up(request, job, done, code)
    except AuditorError as error:
        conduct.terminal.fail(error)
        return result, error.render(conduct.terminal.translate), code_of(error)
    return result, "", code


def _of(request: AuditRequest, company: Company, found: Sequence[Company]) -> AuditRequest:
    history, client = request.history, request.signature.get("client")
    named = ", ".join(filter(None, (client, company.name)))
    return replace(
        request,
        source=company.source,
        signature={**request.signature, "client": named},
        out=request.out / company.folder,
        history=replace(history, source=company.known_as(found)) if history else None,
    )
