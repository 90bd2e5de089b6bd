"""Each owner's own records by mail, where somebody asked for it: nobody sees those of another.

Addresses come from the settings, or are those that the CRM has of its users. A month that brings
an owner nothing new brings no mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from auditor.alerts import AlertNotSentError, check_addresses, send
from connectors.errors import ConfigurationError

if TYPE_CHECKING:
    from checks.results import AuditResult

_SCHEMES = ("mailto://", "mailtos://")
#: One address and nothing else: what a CRM holds must not add a recipient or an option.
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True)
class OwnerMail:
    """Who gets their records, and through what.

    Attributes:
        through: The address of a mail server as Apprise writes it, without a recipient; it may
            hold a password and is never shown.
        addresses: Address by owner id; before those of the CRM.
        from_crm: Whether owners without one are written to at the address that the CRM has.
        language: Language of the text.
    """

    through: str
    addresses: Mapping[str, str] = field(default_factory=dict)
    from_crm: bool = True
    language: str = "en"


@dataclass(frozen=True)
class OwnerList:
    """The records of one owner.

    Attributes:
        owner_id: Their id in the CRM.
        key: The number that stands for them in the history.
        email: Their address in the CRM; None for who may not sign in any more.
        file: Their workbook.
        records: How many records each check lists, by its id.
    """

    owner_id: str
    key: int
    email: str | None
    file: Path
    records: Mapping[str, int]


def check_owner_mail(mail: OwnerMail) -> None:
    """Refuse settings that no mail can be sent by, before any work is done.

    Raises:
        ConfigurationError: If something is not an address.
    """
    if not mail.through.startswith(_SCHEMES):
        raise ConfigurationError(
            "--owner-mail takes the address of a mail server",
            next_step="Write it as Apprise does: mailto://user:password@host?from=audit@host.",
        )
    for owner_id, address in mail.addresses.items():
        if not _ADDRESS.fullmatch(address):
            raise ConfigurationError(
                'owner_mail.addresses: "{address}" of {owner} is no address',
                next_step="Write one address an owner, such as name@example.com.",
                address=address,
                owner=owner_id,
            )
    check_addresses([_to(mail.through, "name@example.com")])


def mail_owners(
    mail: OwnerMail,
    result: AuditResult,
    owners: Sequence[OwnerList],
    stirred: frozenset[int] | None,
) -> int:
    """Write to each owner who has something new; return how many have no address.

    Args:
        mail: Who gets their records.
        result: What the audit found.
        owners: The records of each.
        stirred: Keys of owners with findings that are new or back; None where all count as new.

    Raises:
        AlertNotSentError: If a mail could not be sent; the others were.
    """
    from reports.owner_mail_text import owner_mail_text
    from reports.wording import Wording

    words, unreached, failed = Wording(mail.language), 0, 0
    for owner in owners:
        if stirred is not None and owner.key not in stirred:
            continue
        address = mail.addresses.get(owner.owner_id) or (owner.email if mail.from_crm else None)
        if address is None or not _ADDRESS.fullmatch(address):
            unreached += 1
            continue
        text = owner_mail_text(words, result, owner.records)
        failed += not send([_to(mail.through, address)], text, owner.file)
    if failed:
        raise AlertNotSentError(
            "{count} owner(s) could not be written to",
            next_step="Check the addresses and that the servers answer; the report was written.",
            count=failed,
        )
    return unreached


def _to(through: str, address: str) -> str:
    return f"{through}{'&' if '?' in through else '?'}to={quote(address, safe='@')}"
