"""Alerts reach real servers when something changed, and nobody when nothing did."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.auditor.exports import deal
from tests.auditor.mailbox import Mailbox
from tests.auditor.months import JULY, JUNE, LATE, LATER, Months


@pytest.fixture
def sink() -> Iterator[tuple[list[dict[str, Any]], str]]:
    """An HTTP server that keeps the JSON it is sent."""
    received: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(json.loads(text))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield received, f"json://127.0.0.1:{server.server_port}/crm"
    server.shutdown()


def overdue(count: int) -> list[dict[str, str]]:
    return [deal(n, **(LATE if n < count else {})) for n in range(100)]


FRENCH = "alerts: {language: fr, link: 'https://crm.exemple.fr/audit', attach: true}\n"


def test_a_month_that_got_worse_is_told_and_a_quiet_one_is_not(
    months: Months, mailbox: Mailbox
) -> None:
    words = (
        "--alert",
        mailbox.address,
        "--lang",
        "both",
        "--fail-on",
        "check:open-deal-past-close-date>0.5",
    )
    months.audit(JUNE, overdue(2), *words, settings=FRENCH)
    assert months.audit(JULY, overdue(3), *words, settings=FRENCH).code == 0
    assert mailbox.mails == []
    assert months.audit(LATER, overdue(70), *words, settings=FRENCH).code == 1
    (mail,) = mailbox.mails
    body = mail.get_body(("plain",)).get_content()
    assert "du nouveau" in mail["Subject"]
    assert "Une condition est désormais remplie" in body
    assert "« Affaires en cours dont la date de clôture est dépassée » : plus de 50 %" in body
    assert "https://crm.exemple.fr/audit" in body
    (page,) = mail.iter_attachments()
    assert page.get_filename() == "report.fr.html"
    assert "Ferme" not in body  # no record is named


def test_a_condition_that_stays_met_is_told_once(
    months: Months, sink: tuple[list[dict[str, Any]], str]
) -> None:
    received, address = sink
    words = ("--alert", address, "--fail-on", "check:open-deal-past-close-date>0.5")
    assert months.audit(JUNE, overdue(70), *words).code == 1
    assert months.audit(JULY, overdue(70), *words).code == 1
    (told,) = received
    assert "“Open deals past their close date”: more than 50% of the records" in told["message"]
    assert "To decide" in told["message"] or "1. " in told["message"]


def test_a_broken_audit_is_told_as_such(
    months: Months, sink: tuple[list[dict[str, Any]], str]
) -> None:
    received, address = sink
    months.audit(JUNE, overdue(2), "--alert", address)
    assert months.audit(JULY, overdue(2)[50:], "--alert", address).code == 4
    (told,) = received
    assert "the audit cannot be trusted" in told["title"]
    assert "50% of the records of the last audit are missing" in told["message"]


def test_an_audit_that_fails_is_told_with_what_the_program_said(
    months: Months, sink: tuple[list[dict[str, Any]], str]
) -> None:
    received, address = sink
    beat = months.folder / "heartbeat.json"
    finished = months.audit(JUNE, [{"Nothing": "here"}], "--alert", address, "--heartbeat", beat)
    assert finished.code == 2
    (told,) = received
    assert "the audit failed" in told["title"]
    assert finished.err.strip().splitlines()[-1].split(":")[-1].strip()[:30] in told["message"]
    assert json.loads(beat.read_text())["outcome"] == "broken"


def test_a_server_that_does_not_answer_is_said_and_the_report_stays(months: Months) -> None:
    secret = "mailto://robot:tres-secret@127.0.0.1:9?from=a@exemple.fr&to=b@exemple.fr"
    finished = months.audit(
        JUNE, overdue(70), "--alert", secret, "--fail-on", "check:open-deal-past-close-date"
    )
    assert finished.code == 2
    assert "the alert could not be sent to everybody" in finished.err
    assert "secret" not in finished.err + finished.out
    assert (months.folder / f"report-{JUNE}" / "result.json").exists()
    assert JUNE in months.listed()


def test_an_address_that_is_none_is_refused_before_the_audit(months: Months) -> None:
    finished = months.audit(JUNE, overdue(2), "--alert", "pigeon://user:tres-secret@roof")
    assert finished.code == 2
    assert "an address for alerts is not understood: pigeon://" in finished.err
    assert "secret" not in finished.err
    assert not (months.folder / f"report-{JUNE}").exists()
