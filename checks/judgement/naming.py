"""A finished result with the names of its people put back, for those who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.results import AuditResult, CheckResult, GroupStat
from connectors.model import TABLES

_KEYS_OF_USERS = frozenset(
    column.name for table in TABLES.values() for column in table.columns if column.target == "users"
)


def pseudonyms_in(result: AuditResult) -> set[str]:
    """Return every pseudonym that the lists and groups of a result hold."""
    listed = {
        row[name]
        for check in result.checks
        for row in check.sample
        for name in _keys_of_people(check)
        if row.get(name)
    }
    grouped = {
        group.label
        for check in result.checks
        for group in check.groups
        if group.dimension == "owner"
    }
    return listed | grouped


def with_names(result: AuditResult, names: Mapping[str, str]) -> AuditResult:
    """Return the result with people under their names; what nobody names stays as it is.

    Contacts stay initials: a result does not hold their names.

    Args:
        result: A result with pseudonyms.
        names: Name by pseudonym.
    """
    checks = [
        check.model_copy(
            update={
                "sample": [_named_row(row, _keys_of_people(check), names) for row in check.sample],
                "groups": [_named_group(group, names) for group in check.groups],
            }
        )
        for check in result.checks
    ]
    run = result.run.model_copy(update={"named": True})
    return result.model_copy(update={"checks": checks, "run": run})


def _keys_of_people(check: CheckResult) -> frozenset[str]:
    return _KEYS_OF_USERS | {"record_id"} if check.table == "users" else _KEYS_OF_USERS


def _named_row(
    row: Mapping[str, Any], keys: frozenset[str], names: Mapping[str, str]
) -> dict[str, Any]:
    return {
        name: names.get(str(value), value) if name in keys else value for name, value in row.items()
    }


def _named_group(group: GroupStat, names: Mapping[str, str]) -> GroupStat:
    if group.dimension != "owner":
        return group
    return group.model_copy(update={"label": names.get(group.label, group.label)})
