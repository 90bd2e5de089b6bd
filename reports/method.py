"""Below the findings: set-up findings, how the file was read, definitions, run details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.results import AuditResult, CheckResult, ConfigurationFinding, State
from reports.first_screen import as_of_origin
from reports.record_text import cell_text
from reports.sentences import check_text, coded, column_name, column_of, system_name, table_name
from reports.wording import Wording

#: Longest tables of this part; the rest is counted, and complete in ``result.json``.
_MOST_FILES = 60
_MOST_COLUMNS = 250
_MOST_UNREAD = 30
_MOST_FINDINGS = 60
_LONGEST = 160
#: States of the checks that are printed with more than their line in the table of their signal.
PRINTED = (State.PRESENT, State.EMERGING)


@dataclass(frozen=True)
class Table:
    """A table of texts; ``numeric`` columns stand to the right."""

    caption: str
    headings: list[str]
    rows: list[list[str]]
    numeric: tuple[int, ...] = ()
    left_out: str = ""


@dataclass(frozen=True)
class Definition:
    """What a check counts, to the letter.

    Attributes:
        printed: Whether it is printed, as the check itself is.
    """

    anchor: str
    title: str
    code: str
    terms: list[tuple[str, str]]
    printed: bool


def configuration_findings(words: Wording, result: AuditResult) -> tuple[list[str], str]:
    """Return what is wrong with the set-up, and how many more findings there are."""
    findings = result.configuration_findings
    shown = [_configuration(words, finding) for finding in findings[:_MOST_FINDINGS]]
    return shown, _left_out(words, len(findings) - len(shown))


def warnings(words: Wording, result: AuditResult) -> list[str]:
    """Return what the reader should know about this run, without repetition."""
    notes = [coded(words, "note", one.code, one.facts) for one in result.run.warnings]
    return list(dict.fromkeys(notes))


def reading(words: Wording, result: AuditResult) -> list[Table]:
    """Return how the export was read: files, records set apart, values that did not parse."""
    provenance = result.run.provenance
    tables = [_files(words, _listed(provenance, "files")), _removed(words, provenance)]
    intake = provenance.get("intake")
    if isinstance(intake, Mapping):
        tables += [_unparsed(words, intake), _unresolved(words, intake), _unread(words, intake)]
    return [table for table in tables if table is not None and table.rows]


def column_sources(words: Wording, result: AuditResult) -> Table | None:
    """Return which header of which file each column was read from."""
    columns = _listed(result.run.provenance, "columns")
    rows = [
        [
            column_of(words, f"{one.get('table', '')}.{one.get('column', '')}"),
            _text(one.get("header")),
            _text(one.get("file")),
            words.either(f"column_reason.{one.get('reason')}", _text(one.get("reason"))),
            _share(words, one.get("confidence")),
            _text(one.get("format")),
        ]
        for one in columns[:_MOST_COLUMNS]
    ]
    if not rows:
        return None
    headings = ("field", "header", "file", "reason", "confidence", "format")
    return Table(
        words("columns.caption"),
        [words(f"columns.{heading}") for heading in headings],
        rows,
        numeric=(4,),
        left_out=_left_out(words, len(columns) - len(rows)),
    )


def definitions(words: Wording, result: AuditResult) -> list[Definition]:
    """Return the definition of every check that ran or would have."""
    return [_definition(words, check) for check in sorted(result.checks, key=_code)]


def run_details(words: Wording, result: AuditResult) -> list[tuple[str, str]]:
    """Return which program measured what, with which definitions."""
    run = result.run
    rows = [
        words("run.table_rows", table=table_name(words, table), rows=found.rows)
        for table, found in run.tables.items()
    ]
    author = run.parameters.get("prepared_by")
    prepared = [(words("run.prepared_by"), cell_text(author, _LONGEST))] if author else []
    return [
        *prepared,
        (words("run.source"), cell_text(run.source, _LONGEST)),
        (words("run.system"), system_name(words, run.system)),
        (words("trust.as_of"), f"{words.numbers.day(run.as_of)} ({as_of_origin(words, result)})"),
        (words("run.tables"), words.listed(rows) or words("word.none")),
        (words("run.profile"), run.profile_hash),
        (words("run.catalogue"), run.catalogue_hash),
        (words("run.tool"), cell_text(run.tool_version, _LONGEST)),
        (words("run.schema"), cell_text(result.schema_version, _LONGEST)),
    ]


def _configuration(words: Wording, finding: ConfigurationFinding) -> str:
    facts: dict[str, Any] = {"table": finding.table, **finding.facts}
    if finding.column is not None:
        facts["column"] = f"{finding.table}.{finding.column}"
    if finding.stage is not None:
        facts["stage"] = finding.stage
    staged = f"{finding.code}_at_stage"
    code = staged if finding.stage is not None and f"finding.{staged}" in words else finding.code
    return coded(words, "finding", code, facts)


def _files(words: Wording, files: Sequence[Mapping[str, Any]]) -> Table:
    rows = [
        [
            _text(one.get("name")),
            _read_as(words, one),
            _recognised(words, one),
            _share(words, one.get("confidence")),
            " ".join(_text(one.get(part)) for part in ("encoding", "separator")).strip(),
            _whole(words, one.get("rows_in")),
            _whole(words, one.get("rows_loaded")),
            _whole(words, one.get("lines_set_aside")),
        ]
        for one in files[:_MOST_FILES]
    ]
    headings = ("file", "table", "reason", "confidence", "encoding", "rows_in", "rows_read")
    return Table(
        words("files.caption"),
        [words(f"files.{heading}") for heading in (*headings, "set_aside")],
        rows,
        numeric=(3, 5, 6, 7),
        left_out=_left_out(words, len(files) - len(rows)),
    )


def _read_as(words: Wording, file: Mapping[str, Any]) -> str:
    if file.get("table"):
        return table_name(words, str(file["table"]))
    if links := file.get("links"):
        tables = words.listed([table_name(words, str(table)) for table in links])
        return words("files.links", tables=tables)
    return words("files.not_used")


def _recognised(words: Wording, file: Mapping[str, Any]) -> str:
    reason = str(file.get("reason", ""))
    system = system_name(words, str(file.get("system", ""))) if file.get("system") else ""
    sentence = words.either(f"file_reason.{reason}", _text(reason))
    return words("files.system_and_reason", system=system, reason=sentence) if system else sentence


def _removed(words: Wording, provenance: Mapping[str, Any]) -> Table | None:
    removed = provenance.get("removed")
    if not isinstance(removed, Mapping):
        return None
    rows = [
        [table_name(words, table), words.either(f"removed.{why}", why), _whole(words, count)]
        for table, reasons in removed.items()
        for why, count in reasons.items()
        if count
    ]
    headings = [words("files.table"), words("removed.why"), words("removed.records")]
    return Table(words("removed.caption"), headings, rows, numeric=(2,))


def _unparsed(words: Wording, intake: Mapping[str, Any]) -> Table:
    rows = [
        [
            column_of(words, f"{one['table']}.{one['column']}"),
            _whole(words, one["filled"]),
            _whole(words, one["unparsed"]),
        ]
        for one in _listed(intake, "columns")
        if one.get("unparsed")
    ]
    headings = [words(f"unparsed.{heading}") for heading in ("field", "filled", "unparsed")]
    return Table(words("unparsed.caption"), headings, rows, numeric=(1, 2))


def _unresolved(words: Wording, intake: Mapping[str, Any]) -> Table:
    rows = [
        [
            column_of(words, f"{one['table']}.{one['column']}"),
            table_name(words, str(one["target"])),
            _whole(words, one["filled"]),
            _whole(words, one["unresolved"]),
        ]
        for one in _listed(intake, "keys")
        if one.get("unresolved")
    ]
    headings = [words(f"keys.{heading}") for heading in ("field", "target", "filled", "unresolved")]
    return Table(words("keys.caption"), headings, rows, numeric=(2, 3))


def _unread(words: Wording, intake: Mapping[str, Any]) -> Table:
    values = _listed(intake, "unread")
    rows = [
        [
            _text(one.get("file")),
            _whole(words, one.get("line")),
            column_name(words, str(one.get("column") or ""), str(one.get("table") or "")),
            words.either(f"unread_reason.{one.get('reason')}", _text(one.get("reason"))),
        ]
        for one in values[:_MOST_UNREAD]
    ]
    headings = [words(f"unread.{heading}") for heading in ("file", "line", "field", "why")]
    left_out = _left_out(words, len(values) - len(rows))
    return Table(words("unread.caption"), headings, rows, numeric=(1,), left_out=left_out)


def _definition(words: Wording, check: CheckResult) -> Definition:
    terms = [(words("definition.id"), check.check_id)]
    for part, value in check.definition.items():
        if part != "tolerance" and value not in (None, "", {}, []):
            told = words.either(f"definition.{part}.{value}".lower(), _defined(words, value))
            terms.append((words.either(f"definition.{part}", part), told))
    tolerated = words.numbers.percent(check.t_lo)
    judged = words.plural("definition.tolerance_text", check.n_min, tolerated=tolerated)
    terms.append((words("definition.tolerance"), judged))
    return Definition(
        anchor=f"definition-{check.check_id}",
        title=check_text(words, check, "title"),
        code=f"{check.code} v{check.version}",
        terms=terms,
        printed=check.state in PRINTED,
    )


def _defined(words: Wording, value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_defined(words, one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_defined(words, one) for one in value)
    return cell_text(value, 500)


def _code(check: CheckResult) -> tuple[str, str, int, str]:
    letters = check.code.rstrip("0123456789")
    number = check.code[len(letters) :]
    return check.signal, letters, int(number or 0), check.check_id


def _listed(block: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = block.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _left_out(words: Wording, count: int) -> str:
    return words.plural("table.left_out", count) if count > 0 else ""


def _text(value: object) -> str:
    return cell_text(value, _LONGEST) if value is not None else ""


def _whole(words: Wording, value: object) -> str:
    return words.numbers.integer(value) if isinstance(value, int) else ""


def _share(words: Wording, value: object) -> str:
    return words.numbers.percent(value) if isinstance(value, int | float) and value else ""
