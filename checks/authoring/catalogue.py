"""The catalogue: every check file of the package and of the user's folder, strictly read.

A file that cannot be accepted stops the audit with one sentence that names file, line and what
would have been right: a check that is quietly left out would look like a healthy CRM.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from checks.authoring.vetting import vet
from checks.features.predicates import parse_predicate
from checks.profile import CheckOverride, Profile
from checks.spec import CheckSpec, Tolerance
from connectors.errors import ConfigurationError
from connectors.yaml_file import Document, checked, read_yaml

_PACKAGE_FOLDER = Path(__file__).parent.parent / "catalogue"

#: What a check is, as against how it is worded: a change here breaks a trend.
_DEFINING = {
    "id",
    "code",
    "version",
    "lifecycle",
    "table",
    "population",
    "params",
    "defect",
    "expect",
    "measure",
    "nulls",
    "collects",
    "window",
    "tolerance",
    "evidence",
}


@dataclass(frozen=True)
class Catalogue:
    """Checks in a stable order: by code, then by id.

    Attributes:
        checks: Every check, as its file declares it.
        sources: File of each check, by its id: a name within the package or the user's folder.
    """

    checks: tuple[CheckSpec, ...]
    sources: dict[str, str]

    def __getitem__(self, check_id: str) -> CheckSpec:
        return next(spec for spec in self.checks if spec.id == check_id)

    def __contains__(self, check_id: object) -> bool:
        return check_id in self.sources

    def digest(self) -> str:
        """Return the hash of every definition, 12 hex digits; wording does not count."""
        return digest(self.checks)


def digest(specs: Iterable[CheckSpec]) -> str:
    """Return the hash of the definitions given, 12 hex digits."""
    defined = [spec.model_dump(mode="json", include=_DEFINING) for spec in specs]
    text = json.dumps(defined, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def load_catalogue(user_folder: Path | None = None) -> Catalogue:
    """Read the checks of the package, and those of the user's own folder.

    Args:
        user_folder: Folder that is searched, with its sub-folders, for ``*.yaml``.

    Raises:
        ConfigurationError: For the first file that is no valid check.
    """
    found = dict(_package_checks())
    for document in _documents(user_folder) if user_folder else ():
        spec = _check(document)
        if spec.id in found:
            raise document.error(
                'there is already a check "{check_id}", in {other}',
                "id",
                next_step="Give this one a name of its own: id and file name.",
                check_id=spec.id,
                other=found[spec.id][1],
            )
        found[spec.id] = (spec, document.name)
    specs = sorted((spec for spec, _ in found.values()), key=lambda spec: (_rank(spec), spec.id))
    return Catalogue(tuple(specs), {spec.id: found[spec.id][1] for spec in specs})


def source_columns(catalogue: Catalogue) -> dict[str, set[str]]:
    """Return the names in quotes that checks ask for, by table: columns of the source may be."""
    named: dict[str, set[str]] = {}
    for spec in catalogue.checks:
        for text in (spec.population, spec.defect):
            if text is not None and (quoted := parse_predicate(text, spec.params).quoted):
                named.setdefault(spec.table, set()).update(quoted)
    return named


def resolve(
    catalogue: Catalogue, profile: Profile, document: Document | None = None
) -> tuple[CheckSpec, ...]:
    """Return the checks that are enabled, with the profile's parameters and tolerances.

    Args:
        catalogue: Every check.
        profile: Definitions in force.
        document: The file that the profile comes from, for the line in a complaint.

    Raises:
        ConfigurationError: If the profile names a check, parameter or tolerance that does not
            exist, or gives one a value that it cannot have.
    """
    document = document or Document(None, "auditor.yaml")
    for check_id in profile.checks:
        if check_id not in catalogue:
            raise document.unknown(
                'unknown check "{name}"', check_id, catalogue.sources, "profile", "checks", check_id
            )
    return tuple(
        _overridden(spec, profile.checks.get(spec.id, CheckOverride()), document)
        for spec in catalogue.checks
        if profile.checks.get(spec.id, CheckOverride()).enabled
    )


@cache
def _package_checks() -> dict[str, tuple[CheckSpec, str]]:
    """Read the package's own files once a process."""
    found = {}
    for document in _documents(_PACKAGE_FOLDER):
        spec = _check(document)
        folder = document.name.split("/")[0]
        if folder != spec.signal:
            raise document.error(
                "code {code} belongs in the folder {folder}",
                "code",
                code=spec.code,
                folder=spec.signal.value,
            )
        found[spec.id] = (spec, document.name)
    return found


def _documents(folder: Path) -> list[Document]:
    if not folder.is_dir():
        raise ConfigurationError(
            "there is no such folder of checks",
            where=folder.name,
            next_step="Correct profile.checks_dir; it is relative to auditor.yaml.",
        )
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))
    return [read_yaml(path, path.relative_to(folder).as_posix()) for path in paths]


def _check(document: Document) -> CheckSpec:
    spec = checked(CheckSpec, document)
    stem = Path(document.name).stem
    if spec.id != stem:
        raise document.error(
            'id "{check_id}" and file name "{stem}" must be the same',
            "id",
            check_id=spec.id,
            stem=stem,
        )
    vet(spec, document)
    return spec


def _rank(spec: CheckSpec) -> tuple[str, int]:
    """Order codes by number, so that S1.A2 comes before S1.A11."""
    return spec.code[:4], int(spec.code[4:] or 0)


def _overridden(spec: CheckSpec, override: CheckOverride, document: Document) -> CheckSpec:
    path = ("profile", "checks", spec.id)
    for name, value in override.params.items():
        if name not in spec.params:
            raise document.unknown(
                'check {check_id} has no parameter "{name}"',
                name,
                spec.params,
                *path,
                "params",
                name,
                check_id=spec.id,
            )
        if isinstance(value, str) != isinstance(spec.params[name], str):
            raise document.error(
                'parameter "{name}" of {check_id} must be of the kind of its default, {default}',
                *path,
                "params",
                name,
                name=name,
                check_id=spec.id,
                default=spec.params[name],
            )
    if not (override.params or override.tolerance):
        return spec
    return spec.model_copy(
        update={
            "params": {**spec.params, **override.params},
            "tolerance": _tolerance(spec, override.tolerance, document, path),
        }
    )


def _tolerance(
    spec: CheckSpec, changes: dict[str, float | int], document: Document, path: tuple[str, ...]
) -> Tolerance:
    declared: dict[str, Any] = spec.tolerance.model_dump()
    for name in changes:
        if name not in declared:
            raise document.unknown(
                'the tolerance of {check_id} has no "{name}"',
                name,
                declared,
                *path,
                "tolerance",
                name,
                check_id=spec.id,
            )
    changed = Document({**declared, **changes}, document.name)
    try:
        return checked(Tolerance, changed)
    except ConfigurationError as error:
        place = f"{document.name}:{document.line(*path, 'tolerance')}"
        raise ConfigurationError(
            error.what, where=place, next_step=error.next_step, **error.facts
        ) from error
