"""An SMTP server that keeps what it receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import Any


@dataclass
class Mailbox:
    """The mails that came, and the envelopes they came in.

    Attributes:
        recipients: Who each mail was handed in for, whatever its head says.
    """

    port: int
    mails: list[Any] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)

    @property
    def server(self) -> str:
        """The address of the server for Apprise, without a recipient; patient on a busy machine."""
        return f"mailto://127.0.0.1:{self.port}?from=audit@exemple.fr&mode=insecure&cto=120&rto=120"

    @property
    def address(self) -> str:
        """The address of one recipient."""
        return f"{self.server}&to=chef@exemple.fr"

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"
