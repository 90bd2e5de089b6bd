"""The only reader of YAML: plain data in, with the line of everything for the error messages.

People write these files by hand and pass them around, so a file is data and nothing else: no
tags, no anchors, no duplicate keys, bounded in size and depth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from connectors.errors import ConfigurationError, RefusedValueError
from connectors.yaml_text import Lines, Step, read_text

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound="BaseModel")

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Document:
    """A YAML file as plain data (dict, list, str, int, float, bool, None).

    Attributes:
        data: Content; None for an empty file.
        name: Name for messages, usually the file's name.
    """

    data: Any
    name: str
    _lines: Lines = field(default_factory=dict, repr=False, compare=False)

    def line(self, *path: Step) -> int:
        """Return the line, from 1, of a key or list item; of its parent if it is not there."""
        known = path
        while known and known not in self._lines:
            known = known[:-1]
        return self._lines.get(known, 1)

    def error(
        self, what: str, *path: Step, next_step: str = "", **facts: object
    ) -> ConfigurationError:
        """Return, to be raised, a complaint about what stands at ``path``."""
        where = f"{self.name}:{self.line(*path)}"
        return ConfigurationError(what, where=where, next_step=next_step, **facts)

    def unknown(
        self, kind: str, name: str, choices: Iterable[str], *path: Step, **facts: object
    ) -> ConfigurationError:
        """Return, to be raised, ``unknown ...`` with the nearest of the names that exist.

        Args:
            kind: Template that says what is unknown, with ``{name}``; for example
                ``'unknown field "{name}" for {table}'``.
            name: The name as written.
            choices: Names that would have been accepted.
            path: Where it stands.
            facts: Other values of the template.
        """
        step, found = suggestion(name, choices)
        return self.error(kind, *path, next_step=step, name=name, **facts, **found)


def suggestion(name: str, choices: Iterable[str]) -> tuple[str, dict[str, object]]:
    """Return the next step, with its facts, for a name that does not exist."""
    from difflib import get_close_matches

    names = sorted(set(choices))
    near = get_close_matches(name.lower().replace("-", "_"), [n.replace("-", "_") for n in names])
    if near:
        nearest = next(n for n in names if n.replace("-", "_") == near[0])
        return 'Did you mean "{nearest}"?', {"nearest": nearest}
    if 0 < len(names) <= 12:
        return "Known names: {known}.", {"known": ", ".join(names)}
    return "", {}


def read_yaml(path: Path, name: str | None = None) -> Document:
    """Read a file.

    Args:
        path: The file.
        name: Name for messages; the file's own name when omitted.

    Raises:
        ConfigurationError: If it cannot be read, is too large, or is not plain YAML in UTF-8.
    """
    shown = name or path.name
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(
            "the file cannot be read",
            where=shown,
            next_step="Check that it exists and that you may read it.",
        ) from error
    if len(content) > MAX_BYTES:
        raise ConfigurationError(
            "the file is larger than 1 MiB",
            where=shown,
            next_step="Configuration is written by hand; check that this is the right file.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            "this is not UTF-8 text",
            where=f"{shown}:{line}",
            next_step="Save the file as UTF-8.",
        ) from error
    return parse_yaml(text, shown)


def parse_yaml(text: str, name: str) -> Document:
    """Parse text; ``name`` stands for the file in messages.

    Raises:
        ConfigurationError: If it is not plain YAML.
    """
    data, lines = read_text(text, name)
    return Document(data, name, lines)


def checked(model: type[M], document: Document) -> M:
    """Return the document as a model; an empty document has every default.

    Raises:
        ConfigurationError: For the first thing, by line, that the model does not accept.
    """
    from pydantic import ValidationError

    try:
        return model.model_validate({} if document.data is None else document.data)
    except ValidationError as error:
        raise _complaint(model, document, error.errors(include_url=False)) from error


def _complaint(
    model: type[BaseModel], document: Document, errors: list[ErrorDetails]
) -> ConfigurationError:
    """Word one of pydantic's errors: unknown keys first, as they cause others; then by line."""
    placed = [(_path_in(document.data, error["loc"]), error) for error in errors]
    path, error = min(
        placed, key=lambda each: (each[1]["type"] != "extra_forbidden", document.line(*each[0]))
    )
    kind = error["type"]
    inside = f"{document.name} · {'.'.join(map(str, path))}" if path else document.name
    if kind == "extra_forbidden":
        return document.unknown('unknown key "{name}"', str(path[-1]), _keys(model, path), *path)
    if kind == "missing":
        return document.error(
            '"{missing}" is missing in {inside}', *path, missing=error["loc"][-1], inside=inside
        )
    refusal = error.get("ctx", {}).get("error")
    if isinstance(refusal, RefusedValueError):
        step, facts = refusal.next_step, refusal.facts
        return document.error(refusal.what, *path, next_step=step, **facts)
    several = sum(other == path for other, _ in placed) > 1
    wording = _ANY if several else next((w for w, kinds in _WORDING.items() if kind in kinds), _ANY)
    limit = next(iter(error.get("ctx", {}).values()), "")
    return document.error(
        wording,
        *path,
        field=".".join(map(str, path)) or document.name,
        limit=f"{limit:g}" if isinstance(limit, float) else limit,
        expected=str(limit).replace(" or ", ", "),
    )


_ANY = '"{field}" does not hold what is expected here'
_WORDING = {
    '"{field}" must be a text; put it in quotes': {"string_type"},
    '"{field}" must be a whole number': {"int_type", "int_parsing", "int_from_float"},
    '"{field}" must be a number': {"float_type", "float_parsing"},
    '"{field}" must be true or false': {"bool_type", "bool_parsing"},
    '"{field}" must be a list': {"tuple_type", "list_type"},
    '"{field}" must hold keys of its own': {"dict_type", "model_type", "model_attributes_type"},
    '"{field}" must be one of {expected}': {"literal_error", "enum"},
    '"{field}" must be a date such as 2026-06-30': {"date_type", "date_from_datetime_parsing"},
    '"{field}" must be above {limit}': {"greater_than"},
    '"{field}" must be at least {limit}': {"greater_than_equal"},
    '"{field}" must be below {limit}': {"less_than"},
    '"{field}" must be at most {limit}': {"less_than_equal"},
    '"{field}" must have the form {limit}': {"string_pattern_mismatch"},
}


def _path_in(data: Any, location: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the part of pydantic's location that stands in the file.

    What pydantic adds (names of union members, ``[key]``, a missing key) is left out.
    """
    path: list[Step] = []
    for step in location:
        inside = data if isinstance(data, dict) else range(len(data)) if type(data) is list else ()
        if step in inside:
            data = data[step]
            path.append(step)
    return tuple(path)


def _keys(model: type[BaseModel], path: tuple[Step, ...]) -> list[str]:
    """Return the keys that the model would have accepted instead of the last one of ``path``."""
    at: list[Any] = [model]
    for step in path[:-1]:
        at = [inner for each in at for inner in _models_within(_part(each, step))]
    fields = [field for each in at for field in getattr(each, "model_fields", {}).items()]
    return list(dict.fromkeys(field.alias or name for name, field in fields))


def _part(at: Any, step: Step) -> Any:
    """Return the type of what a model, a mapping or a list holds at a step."""
    fields = getattr(at, "model_fields", None)
    if fields is None:
        return next((arm for arm in get_args(at)[::-1] if arm is not Ellipsis), None)
    return next((f.annotation for name, f in fields.items() if step in (name, f.alias)), None)


def _models_within(at: Any) -> list[Any]:
    """Return the types that a type stands for: itself, or the members of a union."""
    if get_origin(at) is Annotated:
        return _models_within(get_args(at)[0])
    if get_origin(at) in (Union, UnionType):
        return [each for arm in get_args(at) for each in _models_within(arm)]
    return [at]
