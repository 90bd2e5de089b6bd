"""The sections of ``auditor.yaml``, each with every default; what is not known is refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from checks.change.exceptions import Acceptance
from checks.profile import Profile
from connectors.errors import RefusedValueError
from connectors.hubspot.settings import HubSpotSource
from connectors.intake.mapping import ExportMapping
from connectors.record_links import crm_address
from connectors.salesforce.settings import SalesforceSource

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


def _named(sources: Any) -> Any:
    """Give exports that are only listed the form of sources with a name."""
    if not isinstance(sources, list | tuple):
        return sources
    if not all(map(_is_text, sources)):
        raise RefusedValueError(
            "a list of sources holds paths only",
            next_step="Give each a name in place of the list: sources: {Paris: exports/paris}.",
        )
    return {each: each for each in sources}


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
