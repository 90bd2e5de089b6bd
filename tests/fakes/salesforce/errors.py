"""Errors as the API words them."""

from __future__ import annotations

from typing import NamedTuple


class SalesforceFakeError(Exception):
    """An answer that is an error: status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self) -> list[dict[str, str]]:
        """Return the body of the answer."""
        return [{"message": self.message, "errorCode": self.code}]


def no_such_column(soql: str, column: str, entity: str) -> SalesforceFakeError:
    """Return what a hidden or unknown field gives."""
    said = f"No such column '{column}' on entity '{entity}'."
    return _not_understood(
        "INVALID_FIELD", soql, column, said, _Custom("field", "custom field", "c")
    )


def no_such_object(soql: str, name: str) -> SalesforceFakeError:
    """Return what a hidden or unknown object gives."""
    said = f"sObject type '{name}' is not supported."
    return _not_understood("INVALID_TYPE", soql, name, said, _Custom("object", "entity", "c"))


def no_such_parent(soql: str, name: str) -> SalesforceFakeError:
    """Return what an unknown relationship gives."""
    said = f"Didn't understand relationship '{name}' in field path."
    named = _Custom("relationship", "custom relationship", "r")
    return _not_understood("INVALID_FIELD", soql, name, said, named)


class _Custom(NamedTuple):
    """How Salesforce speaks of customs of a kind."""

    kind: str
    named: str
    suffix: str


def _not_understood(
    code: str, soql: str, word: str, said: str, custom: _Custom
) -> SalesforceFakeError:
    return SalesforceFakeError(
        400,
        code,
        f"{_excerpt(soql, word)}\n{said} If you are attempting to use a custom {custom.kind}, be"
        f" sure to append the '__{custom.suffix}' after the {custom.named} name. Please reference"
        " your WSDL or the describe call for the appropriate names.",
    )


def malformed(message: str) -> SalesforceFakeError:
    """Return what a query that does not parse gives."""
    return SalesforceFakeError(400, "MALFORMED_QUERY", message)


def _excerpt(soql: str, word: str) -> str:
    column = soql.find(word) + 1
    start = max(0, column - 40)
    pointer = " " * (column - start - 1) + "^"
    return f"\n{soql[start : column + 30]}\n{pointer}\nERROR at Row:1:Column:{column}"
