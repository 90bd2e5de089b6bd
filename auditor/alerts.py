"""When people are told of an audit, and through what: quiet as long as nothing changed.

Apprise sends; it knows mail, Slack, Teams and a hundred more by the address alone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.thresholds import is_trusted, reached
from checks.results import AuditResult
from connectors.errors import ConfigurationError

if TYPE_CHECKING:
    import apprise

    from reports.alert_text import AlertText

_SCHEME_ENDS = "://"


class AlertNotSentError(ConfigurationError):
    """The audit is done and written, and somebody who should know of it was not told."""


@dataclass(frozen=True)
class Alerts:
    """Whom to tell, and how.

    Attributes:
        addresses: Addresses of Apprise; they may hold passwords and are never shown.
        language: Language of the text.
        link: Where people find the report; may be empty.
        attach: Whether the page goes along.
    """

    addresses: tuple[str, ...]
    language: str = "en"
    link: str = ""
    attach: bool = False


def reasons(
    result: AuditResult, before: AuditResult | None, thresholds: Collection[str]
) -> list[str]:
    """Return why people are told of an audit that can be trusted; nothing on a quiet month.

    A verdict or a signal that changed counts where its findings moved more than chance explains;
    a condition counts in the month in which it is first met.

    Args:
        result: This audit.
        before: The last audit that could be trusted, or None.
        thresholds: The conditions of ``--fail-on``.
    """
    return list(_reasons(result, before, thresholds))


def _reasons(
    result: AuditResult, before: AuditResult | None, thresholds: Collection[str]
) -> Iterator[str]:
    comparison = result.comparison
    if comparison and comparison.verdict_confirmed:
        yield "verdict"
    if comparison and any(signal.confirmed for signal in comparison.signals):
        yield "signal"
    if newly_reached(result, before, thresholds):
        yield "threshold"


def newly_reached(
    result: AuditResult, before: AuditResult | None, thresholds: Collection[str]
) -> list[str]:
    """Return the conditions that are met, and were not in the audit before."""
    already = set(reached(before, thresholds)) if before else set()
    return [one for one in reached(result, thresholds) if one not in already]


def alert_people(
    alerts: Alerts,
    result: AuditResult,
    before: AuditResult | None,
    thresholds: Collection[str],
    report: Path,
) -> bool:
    """Tell people of an audit where there is reason to; return whether they were told.

    Args:
        alerts: Whom to tell.
        result: This audit.
        before: The last audit that could be trusted, or None.
        thresholds: The conditions of ``--fail-on``.
        report: Folder of the report.

    Raises:
        AlertNotSentError: If somebody could not be reached.
    """
    from auditor.output import page_name
    from reports.alert_text import alert, broken_alert
    from reports.wording import Wording

    words = Wording(alerts.language)
    if not is_trusted(result):
        text = broken_alert(words, result, alerts.link)
    elif why := reasons(result, before, thresholds):
        text = alert(words, result, why, newly_reached(result, before, thresholds), alerts.link)
    else:
        return False
    page = report / page_name(alerts.language)
    _tell(alerts.addresses, text, page if alerts.attach and page.exists() else None)
    return True


def alert_of_failure(alerts: Alerts, said: str) -> None:
    """Tell people that there is no audit at all, in the words of the program."""
    from reports.alert_text import failed_alert
    from reports.wording import Wording

    _tell(alerts.addresses, failed_alert(Wording(alerts.language), said), None)


def check_addresses(addresses: Sequence[str]) -> None:
    """Refuse addresses that nothing can be sent to, before any work is done.

    Raises:
        ConfigurationError: If an address is not understood; only its scheme is shown.
    """
    _channel(addresses)


def _channel(addresses: Sequence[str]) -> apprise.Apprise:
    # Apprise logs addresses, which hold passwords.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    import apprise

    channel = apprise.Apprise()
    for address in addresses:
        if not channel.add(address):
            raise ConfigurationError(
                "an address for alerts is not understood: {scheme}",
                next_step="Write it as Apprise does, such as mailto://user:password@host.",
                scheme=address.partition(_SCHEME_ENDS)[0][:20] + _SCHEME_ENDS,
            )
    return channel


def send(addresses: Sequence[str], text: AlertText, file: Path | None) -> bool:
    """Send a text, and a file with it, to addresses of Apprise; return whether all went well."""
    import apprise

    channel = _channel(addresses)
    attached = apprise.AppriseAttachment(str(file)) if file else None
    sent = channel.notify(
        title=text.subject, body=text.body, body_format=apprise.NotifyFormat.TEXT, attach=attached
    )
    return bool(sent)


def _tell(addresses: Sequence[str], text: AlertText, page: Path | None) -> None:
    if not send(addresses, text, page):
        raise AlertNotSentError(
            "the alert could not be sent to everybody",
            next_step="Check the addresses and that the servers answer; the report was written.",
        )
