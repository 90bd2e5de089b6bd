"""Whose report it is, for whom, and how it looks: from ``auditor.yaml`` or the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.config import Configuration
    from checks.results import AuditResult


@dataclass(frozen=True)
class Identity:
    """What was said; None where nothing was.

    Attributes:
        title: What the report is called.
        client: Whom it is for.
        prepared_by: Who answers for it.
        name: Name of the brand.
        logo: File of its logo.
        accent: Its colour, ``#rrggbb``.
        accent_dark: Its colour on a dark page.
        footer: Text at the end of the page.
    """

    title: str | None = None
    client: str | None = None
    prepared_by: str | None = None
    name: str | None = None
    logo: Path | None = None
    accent: str | None = None
    accent_dark: str | None = None
    footer: str | None = None

    def parameters(self) -> dict[str, Any]:
        """Return what a result keeps of it, logo and all.

        Raises:
            ConfigurationError: If the logo or a colour cannot be used.
        """
        from reports.branding import accents, read_logo

        accent, accent_dark = accents(self.accent, self.accent_dark)
        brand = {
            "name": self.name,
            "logo": read_logo(self.logo) if self.logo is not None else None,
            "accent": accent,
            "accent_dark": accent_dark,
            "footer": self.footer,
        }
        said = {"title": self.title, "client": self.client, "prepared_by": self.prepared_by}
        return said | {"brand": {part: value for part, value in brand.items() if value is not None}}


def settled_identity(configuration: Configuration) -> Identity:
    """Return what ``auditor.yaml`` says; its logo lies beside it."""
    report = configuration.content.report
    brand = report.brand
    return Identity(
        title=report.title,
        client=report.client,
        prepared_by=report.prepared_by,
        name=brand.name,
        logo=configuration.folder / brand.logo if brand.logo else None,
        accent=brand.accent,
        accent_dark=brand.accent_dark,
        footer=brand.footer,
    )


def signed(result: AuditResult, identity: Identity) -> AuditResult:
    """Return a result with what was said in place of what it held; the rest stays."""
    said = {name: value for name, value in identity.parameters().items() if value is not None}
    held = result.run.parameters
    brand = {**_mapping(held.get("brand")), **_mapping(said.get("brand"))}
    run = result.run.model_copy(update={"parameters": {**held, **said, "brand": brand}})
    return result.model_copy(update={"run": run})


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}
