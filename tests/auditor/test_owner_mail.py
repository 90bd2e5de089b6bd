"""Each owner gets their own records by mail, where somebody asked for it, and nobody else's."""

from __future__ import annotations

import io

import pytest

from tests.auditor.exports import deal, write_csv
from tests.auditor.mailbox import Mailbox
from tests.auditor.months import JULY, JUNE, LATE, Months

OWNERS = 5


def overdue(*numbers: int) -> list[dict[str, str]]:
    return [deal(n, **(LATE if n in numbers else {})) for n in range(40)]


def audit(
    months: Months, day: str, rows: list[dict[str, str]], *words: object, settings: str = ""
) -> str:
    """Audit a CRM whose users have addresses, but for the last two; return what was told."""
    users = [
        {
            "Id": f"005A00000000{n:03d}AAA",
            "Name": f"Vendeuse {n}",
            "Email": f"v{n}@exemple.fr" if n < 3 else "",
            "IsActive": "true",
        }
        for n in range(OWNERS)
    ]
    write_csv(months.folder / f"export-{day}" / "User.csv", users)
    finished = months.audit(day, rows, *words, settings=settings)
    assert finished.code == 0, finished.err
    return finished.err


def sheets(mail: object) -> str:
    import zipfile

    (workbook,) = mail.iter_attachments()  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(workbook.get_content())) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def test_each_owner_gets_their_own_records(months: Months, mailbox: Mailbox) -> None:
    told = audit(months, JUNE, overdue(0, 1, 3), "--named", "--owner-mail", mailbox.server)
    written_to = {recipient for (recipient,) in mailbox.recipients}
    assert {"v0@exemple.fr", "v1@exemple.fr"} <= written_to
    assert "no address of theirs is known" in told
    for mail, (recipient,) in zip(mailbox.mails, mailbox.recipients, strict=True):
        others = {
            f"006A00000000{n:03d}AAA" for n in range(40) if f"v{n % OWNERS}@" not in recipient
        }
        assert not [record for record in others if record in sheets(mail)]
    (first,) = [m for m, r in zip(mailbox.mails, mailbox.recipients, strict=True) if "v0@" in r[0]]
    assert "006A00000000000AAA" in sheets(first)
    assert "Ferme" not in first.get_body(("plain",)).get_content()


def test_who_has_nothing_new_is_left_in_peace(months: Months, mailbox: Mailbox) -> None:
    words = ("--named", "--owner-mail", mailbox.server)
    audit(months, JUNE, overdue(0, 1), *words)
    mailbox.recipients.clear()
    audit(months, JULY, overdue(0, 1, 6), *words)  # deal 6 is of the second
    assert mailbox.recipients == [["v1@exemple.fr"]]


def test_the_settings_come_before_the_crm(months: Months, mailbox: Mailbox) -> None:
    settings = (
        "owner_mail: {from_crm: false, language: fr, addresses: "
        "{005A00000000000AAA: responsable@exemple.fr}}\n"
    )
    words = ("--named", "--owner-mail", mailbox.server)
    audit(months, JUNE, overdue(0, 1), *words, settings=settings)
    assert mailbox.recipients == [["responsable@exemple.fr"]]
    assert "Vos fiches à revoir" in mailbox.mails[0]["Subject"]


@pytest.mark.parametrize(
    ("words", "settings", "complaint"),
    [
        (["--owner-mail", "mailto://localhost"], "", "needs --named"),
        (["--named", "--owner-mail", "slack://a/b/c"], "", "takes the address of a mail server"),
        (
            ["--named", "--owner-mail", "mailto://localhost"],
            "owner_mail: {addresses: {005A: 'a@b.fr,c@d.fr'}}\n",
            "is no address",
        ),
    ],
)
def test_what_nobody_should_be_written_by_is_refused(
    words: list[str], settings: str, complaint: str, months: Months
) -> None:
    finished = months.audit(JUNE, overdue(0), *words, settings=settings)
    assert finished.code == 2
    assert complaint in finished.err
    assert not (months.folder / f"report-{JUNE}").exists()
