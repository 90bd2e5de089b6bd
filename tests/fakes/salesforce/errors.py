"""Errors as the API words them."""

from __future__ import annotations


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
    return SalesforceFakeError(
        400,
        "INVALID_FIELD",
        f"{_excerpt(soql, column)}\nNo such column '{column}' on entity '{entity}'. If you are"
        " attempting to use a custom field, be sure to append the '__c' after the custom field"
        " name. Please reference your WSDL or the describe call for the appropriate names.",
    )


def no_such_object(soql: str, name: str) -> SalesforceFakeError:
    """Return what a hidden or unknown object gives."""
    return SalesforceFakeError(
        400,
        "INVALID_TYPE",
        f"{_excerpt(soql, name)}\nsObject type '{name}' is not supported. If you are attempting to"
        " use a custom object, be sure to append the '__c' after the entity name. Please reference"
        " your WSDL or the describe call for the appropriate names.",
    )


def no_such_parent(soql: str, name: str) -> SalesforceFakeError:
    """Return what an unknown relationship gives."""
    return SalesforceFakeError(
        400,
        "INVALID_FIELD",
        f"{_excerpt(soql, name)}\nDidn't understand relationship '{name}' in field path. If you are"
        " attempting to use a custom relationship, be sure to append the '__r' after the custom"
        " relationship name. Please reference your WSDL or the describe call for the appropriate"
        " names.",
    )


def malformed(message: str) -> SalesforceFakeError:
    """Return what a query that does not parse gives."""
    return SalesforceFakeError(400, "MALFORMED_QUERY", message)


def _excerpt(soql: str, word: str) -> str:
    column = soql.find(word) + 1
    start = max(0, column - 40)
    pointer = " " * (column - start - 1) + "^"
    return f"\n{soql[start : column + 30]}\n{pointer}\nERROR at Row:1:Column:{column}"
