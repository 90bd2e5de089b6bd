"""Several companies on one page: what was found in each, in the order of the settings.

Companies stand beside one another, people never do; nothing here is a ranking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.results import AuditResult, VerdictState
from reports.branding import Brand, brand_of
from reports.change_view import since_view
from reports.first_screen import Tile, tiles
from reports.numbers import as_decimal
from reports.record_text import cell_text
from reports.verdict_view import shown_breaches, verdict_view
from reports.wording import Wording

_LONGEST_NAME, _LONGEST_SENTENCE = 80, 400


@dataclass(frozen=True)
class CompanyAudit:
    """What became of the audit of one company.

    Attributes:
        name: As the settings call it.
        result: What was found; None where there is no audit.
        page: Address of its report, from the page of all of them.
        problem: Why there is no audit, in the words of the program.
    """

    name: str
    result: AuditResult | None
    page: str = ""
    problem: str = ""


@dataclass(frozen=True)
class CompanyView:
    """One company: its verdict, its four signals, its money, and what changed.

    ``distrust`` stands in the place of a verdict that rests on an export which is at fault.
    """

    name: str
    page: str
    problem: str = ""
    day: str = ""
    state: str = ""
    state_word: str = ""
    distrust: str = ""
    sentence: str = ""
    breaches: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    money: str = ""
    since_title: str = ""
    since: tuple[str, ...] = ()


@dataclass(frozen=True)
class SummaryView:
    """The page, top to bottom; ``money_remark`` says what sums mean, or why there are none."""

    language: str
    title: str
    sentence: str
    lead: str
    brand: Brand
    other_pages: list[tuple[str, str, str]]
    signals: list[str]
    companies: list[CompanyView]
    money_remark: str


def summary_view(
    words: Wording, audits: Sequence[CompanyAudit], other_pages: Mapping[str, str]
) -> SummaryView:
    """Return the page of several companies in one language.

    Args:
        words: The language.
        audits: One a company, in the order of the settings.
        other_pages: File name by language of the same page.
    """
    results = [audit.result for audit in audits if audit.result]
    trusted = [one for one in results if one.run.contract.success]
    ill = sum(one.verdict.state is VerdictState.ESTABLISHED for one in trusted)
    currencies = _currencies(results)
    return SummaryView(
        language=words.language,
        title=words("summary.title", count=len(audits)),
        sentence=words.plural("summary.sentence", ill, of=len(audits))
        if ill
        else words("summary.none", of=len(audits)),
        lead=_lead(words, len(audits) - len(results), len(results) - len(trusted)),
        brand=brand_of(results[0].run.parameters if results else {}),
        other_pages=[
            (language, Wording(language)("language.name"), file)
            for language, file in other_pages.items()
            if language != words.language
        ],
        signals=[words(f"signal.{one.id}.name") for one in results[0].signals] if results else [],
        companies=[_company(words, audit, with_money=_agree(currencies)) for audit in audits],
        money_remark=_money_remark(words, currencies),
    )


def _lead(words: Wording, missing: int, untrusted: int) -> str:
    """Say which companies are not counted, or that all are."""
    kinds = (("summary.missing", missing), ("summary.untrusted", untrusted))
    left_out = [words.plural(key, count) for key, count in kinds if count]
    return " ".join(left_out) or words("summary.lead")


def _company(words: Wording, audit: CompanyAudit, *, with_money: bool) -> CompanyView:
    name, result = cell_text(audit.name, _LONGEST_NAME), audit.result
    if result is None:
        return CompanyView(name, audit.page, cell_text(audit.problem, _LONGEST_SENTENCE))
    verdict, since = verdict_view(words, result), since_view(words, result)
    is_trusted, money = result.run.contract.success, result.verdict.money
    touched = as_decimal(money.touched) if with_money else None
    return CompanyView(
        name,
        audit.page,
        day=words.numbers.short_day(result.run.as_of),
        state=verdict.state,
        state_word=verdict.state_word,
        sentence=verdict.sentence,
        distrust="" if is_trusted else words("summary.not_trusted"),
        breaches=() if is_trusted else tuple(shown_breaches(words, result)),
        tiles=tuple(tiles(words, result)),
        money=words.numbers.money_short(touched, money.currency) if touched is not None else "",
        since_title=since.title if since else "",
        since=tuple(since.sentences) if since else (),
    )


def _currencies(results: Sequence[AuditResult]) -> set[str | None]:
    """Return the currencies of the companies whose open deals have amounts."""
    return {
        one.verdict.money.currency for one in results if as_decimal(one.verdict.money.open_total)
    }


def _agree(currencies: set[str | None]) -> bool:
    """Return whether sums of several companies may stand in one column."""
    return len(currencies) == 1 and None not in currencies


def _money_remark(words: Wording, currencies: set[str | None]) -> str:
    if not currencies:
        return words("money.none")
    return words("summary.money" if _agree(currencies) else "summary.currencies")
