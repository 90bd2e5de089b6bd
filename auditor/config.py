"""``auditor.yaml``: what the user settled, checked strictly, with paths made absolute."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from auditor.audit_day import is_day_choice
from checks.change.exceptions import Acceptance
from checks.profile import Profile
from connectors.errors import ConfigurationError, RefusedValueError
from connectors.hubspot.settings import HubSpotSource
from connectors.intake.mapping import ExportMapping
from connectors.model import TABLES
from connectors.record_links import crm_address
from connectors.salesforce.settings import SalesforceSource
from connectors.yaml_file import Document, checked, parse_yaml, read_yaml

FILE_NAME = "auditor.yaml"

#: Languages that the program itself speaks; a report can be in any that has a file of sentences.
Language = Literal["en", "fr"]
CsvStyle = Literal["us", "eu"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BrandSection(_Strict):
    """The section ``report.brand:``.

    Attributes:
        name: Who signs the report.
        logo: A PNG or JPEG file, beside ``auditor.yaml``.
        accent: Colour of links, ``#rrggbb``, that can be read on a light page.
        accent_dark: The same on a dark page; by default a lighter ``accent``.
        footer: Text at the end of the page.
    """

    name: str | None = None
    logo: str | None = None
    accent: str | None = None
    accent_dark: str | None = None
    footer: str | None = None


class ReportSection(_Strict):
    """The section ``report:``.

    Attributes:
        languages: One page each.
        csv_style: ``us`` or ``eu``; by default ``eu`` when French is among the languages.
        title: What the report is called.
        client: Whom the report is for.
        prepared_by: Who answers for it.
        brand: How the page shows who signs it.
        crm_address: Address of the CRM, for links to the records of the lists.
    """

    languages: tuple[str, ...] = Field(default=("en", "fr"), min_length=1)
    csv_style: CsvStyle | None = None
    title: str | None = None
    client: str | None = None
    prepared_by: str | None = None
    brand: BrandSection = BrandSection()
    crm_address: str | None = None

    @field_validator("languages")
    @classmethod
    def _are_spoken(cls, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse a language that has no file of sentences."""
        from reports.wording import languages

        unknown = next((language for language in asked if language not in languages()), None)
        if unknown is not None:
            raise RefusedValueError(
                "there is no report in {language}",
                next_step="Write one or more of {known}.",
                language=unknown,
                known=", ".join(languages()),
            )
        return asked

    @field_validator("crm_address")
    @classmethod
    def _is_known_crm(cls, text: str | None) -> str | None:
        """Refuse what is no address of a CRM: links must lead nowhere else."""
        address = crm_address(text) if text is not None else None
        if text is not None and address is None:
            raise RefusedValueError(
                "{address} is no address of Salesforce or HubSpot",
                next_step="Write https://NAME.lightning.force.com, or"
                " https://app.hubspot.com/contacts/PORTAL.",
                address=text,
            )
        return address


class ExportEntry(_Strict):
    """A source that is an export.

    Attributes:
        system: Tells it from live sources.
        path: Where it lies, beside ``auditor.yaml``.
    """

    system: Literal["export"]
    path: str


LiveEntry = SalesforceSource | HubSpotSource
L = TypeVar("L", bound=BaseModel)


def _named(sources: Any) -> Any:
    """Give exports that are only listed the form of sources with a name."""
    if isinstance(sources, list | tuple):
        return {each: each for each in sources} if all(map(_is_text, sources)) else sources
    return sources


def _as_entry(source: Any) -> Any:
    return {"system": "export", "path": source} if _is_text(source) else source


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


Entry = Annotated[
    ExportEntry | LiveEntry, Field(discriminator="system"), BeforeValidator(_as_entry)
]


class AlertsSection(_Strict):
    """The section ``alerts:``; addresses with passwords are better kept in AUDITOR_ALERT.

    Attributes:
        to: Addresses as Apprise writes them.
        language: Language of the text.
        link: Where people find the report.
        attach: Whether the page goes along.
    """

    to: tuple[str, ...] = ()
    language: Language = "en"
    link: str = ""
    attach: bool = False


class OwnerMailSection(_Strict):
    """The section ``owner_mail:``; an address with a password is better kept in the environment.

    Attributes:
        through: Address of a mail server as Apprise writes it, or what ``--owner-mail`` says.
        addresses: Address by the owner's id in the CRM.
        from_crm: Whether other owners are written to at the address that the CRM has.
        language: Language of the text.
    """

    through: str = ""
    addresses: dict[str, str] = Field(default_factory=dict)
    from_crm: bool = True
    language: Language = "en"


class HistorySection(_Strict):
    """The section ``history:``.

    Attributes:
        file: Where audits are kept, relative to ``auditor.yaml``.
        keep_months: Months after which an audit may be forgotten; None keeps all.
    """

    file: str
    keep_months: int | None = Field(default=None, ge=1)


class FileContent(ExportMapping):
    """``auditor.yaml`` as it is written; ``tables`` and ``stages`` tell how to read the export.

    Attributes:
        sources: What to audit when the command line names nothing: a list of exports, or names
            with what they stand for.
        as_of: A day, ``latest`` or ``today``.
        profile: Every threshold.
        report: What the pages look like.
        history: Where audits are kept, and for how long.
        alerts: Who is told when something changes.
        owner_mail: How owners get their own records.
        accepted: Findings that somebody accepted, shown beside all others.
    """

    sources: Annotated[dict[str, Entry], BeforeValidator(_named)] = Field(default_factory=dict)
    as_of: str | None = None
    profile: Profile = Profile()
    report: ReportSection = ReportSection()
    history: HistorySection | None = None
    alerts: AlertsSection = AlertsSection()
    owner_mail: OwnerMailSection | None = None
    accepted: tuple[Acceptance, ...] = ()


@dataclass(frozen=True)
class Configuration:
    """What ``auditor.yaml`` says; every default when there is none.

    Attributes:
        file: The file, or None.
        content: What it says.
        document: The same with line numbers, for complaints.
    """

    file: Path | None = None
    content: FileContent = field(default_factory=FileContent)
    document: Document = field(default_factory=lambda: parse_yaml("", FILE_NAME))

    @property
    def profile(self) -> Profile:
        """Every threshold in force."""
        return self.content.profile

    @property
    def mapping(self) -> ExportMapping:
        """What the user settled about files, columns and stages."""
        return ExportMapping(tables=self.content.tables, stages=self.content.stages)

    @property
    def folder(self) -> Path:
        """Folder of the file; what it names is relative to that."""
        return self.file.parent if self.file else Path()

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Each source of the file: its name, and what the command line calls it.

        An export that is only listed is called by its file, without its ending.
        """
        return [
            (Path(name).stem if name == entry.path else name, str(self._beside(entry.path)))
            if isinstance(entry, ExportEntry)
            else (name, f"{entry.system}:{name}")
            for name, entry in self.content.sources.items()
        ]

    def live(self, name: str, kind: type[L], system: str) -> L:
        """Return what the file says about an account.

        Args:
            name: Its name there.
            kind: What describes an account of its system.
            system: What the system is called.

        Raises:
            ConfigurationError: If the file does not name it.
        """
        entry = self.content.sources.get(name)
        if isinstance(entry, kind):
            return entry
        known = [each for each, e in self.content.sources.items() if isinstance(e, kind)]
        if self.file is None or not known:
            raise ConfigurationError(
                "no account of {system} is named in {file}",
                next_step="Add it there under sources:; docs/{page}.md shows how.",
                file=self.file or FILE_NAME,
                system=system,
                page=system.lower(),
            )
        what = 'no account of {system} is named "{name}"'
        raise self.document.unknown(what, name, known, "sources", system=system)

    @property
    def history(self) -> Path | None:
        """File that keeps the audits, or None."""
        section = self.content.history
        return self._beside(section.file) if section else None

    @property
    def checks_dir(self) -> Path | None:
        """Folder of the user's own checks.

        Raises:
            ConfigurationError: If the folder that the file names does not exist.
        """
        if self.profile.checks_dir is None:
            return None
        folder = self._beside(self.profile.checks_dir)
        if not folder.is_dir():
            raise ConfigurationError(
                "the folder of checks {folder} does not exist",
                where=str(self.file),
                next_step="Correct profile.checks_dir; it is relative to this file.",
                folder=self.profile.checks_dir,
            )
        return folder

    def _beside(self, name: str) -> Path:
        return self.folder / name


def find_configuration(source: Path | None) -> Path | None:
    """Return the ``auditor.yaml`` in the export's folder, else that of the working folder."""
    folders = [source] if source is not None and source.is_dir() else []
    for folder in (*folders, Path()):
        with suppress(PermissionError):  # a folder that may not be read is said by who reads it
            if (folder / FILE_NAME).is_file():
                return folder / FILE_NAME
    return None


def load_configuration(file: Path | None) -> Configuration:
    """Read a configuration; every default when ``file`` is None.

    Raises:
        ConfigurationError: If the file says something that is not understood.
    """
    if file is None:
        return Configuration()
    document = read_yaml(file, str(file))
    _check_names(document)
    content = checked(FileContent, document)
    if content.as_of is not None and not is_day_choice(content.as_of):
        step = "Write a day such as 2026-06-30, or latest, or today."
        raise document.error("as_of is no day", "as_of", next_step=step)
    return Configuration(file, content, document)


def _check_names(document: Document) -> None:
    """Complain about tables and fields that do not exist, on the line where they stand."""
    for table, mapping in _entries(document.data, "tables"):
        if table not in TABLES:
            raise document.unknown('unknown table "{name}"', table, TABLES, "tables", table)
        fields = [column.name for column in TABLES[table].columns]
        for section in ("columns", "dates"):
            for field_name, _ in _entries(mapping, section):
                if field_name not in fields:
                    place = ("tables", table, section, field_name)
                    kind = 'unknown field "{name}" for {table}'
                    raise document.unknown(kind, field_name, fields, *place, table=table)


def _entries(data: Any, key: str) -> list[tuple[str, Any]]:
    """Return the entries of a section; none where it is absent or not what it should be."""
    section = data.get(key) if isinstance(data, dict) else None
    return list(section.items()) if isinstance(section, dict) else []
