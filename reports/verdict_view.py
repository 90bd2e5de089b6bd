"""The answer to "is this a system problem?", whether it can be trusted, what would decide."""

from __future__ import annotations

from dataclasses import dataclass

from checks.results import (
    AuditResult,
    Robustness,
    SignalId,
    State,
    Verdict,
    VerdictState,
    WouldDecide,
)
from checks.run_info import Breach
from reports.cause_view import cause_share, verdict_cause
from reports.numbers import as_decimal
from reports.record_text import cell_text
from reports.sentences import coded, column_name, column_of, day, table_name
from reports.wording import Wording

_LONGEST_QUESTION = 300
_MOST_BREACHES = 4
#: A chance that was found in every draw is not certain.
_ALMOST_SURE = 0.999


@dataclass(frozen=True)
class VerdictView:
    """The answer as a sentence, how sure it is, and what was not examined."""

    state: str
    sentence: str
    state_word: str
    measurable: str
    remarks: list[str]


@dataclass(frozen=True)
class Decider:
    """What would make one signal measurable."""

    number: int
    name: str
    columns: list[str]
    questions: list[str]


def broken_contract(words: Wording, result: AuditResult) -> list[str]:
    """Return one sentence for each broken clause; empty when the audit may be trusted."""
    sentences = [
        coded(
            words,
            "breach",
            breach.code,
            {
                "where": _where(words, breach),
                "observed": _share_or_day(words, breach.observed),
                "limit": _share_or_day(words, breach.limit),
            },
        )
        for breach in result.run.contract.breaches
    ]
    return list(dict.fromkeys(sentences))


def _where(words: Wording, breach: Breach) -> str:
    """Return the table or column of a breach; where keys lead nowhere, the table they point to."""
    where = column_of(words, ".".join(filter(None, (breach.table, breach.column))))
    return f"{where} → {table_name(words, breach.target)}" if breach.target else where


def shown_breaches(words: Wording, result: AuditResult) -> list[str]:
    """Return what the first screen has room for; the method section holds all of it."""
    sentences = broken_contract(words, result)
    if len(sentences) <= _MOST_BREACHES:
        return sentences
    shown = sentences[: _MOST_BREACHES - 1]
    return [*shown, words.plural("breach.more", len(sentences) - len(shown))]


def verdict_view(words: Wording, result: AuditResult) -> VerdictView:
    """Word the verdict; "system problem" needs an established verdict and its cause."""
    verdict = result.verdict
    undecided = verdict.state is VerdictState.CANNOT_CONCLUDE
    remarks = [words("verdict.open")] if undecided and verdict.would_decide else []
    remarks += verdict_cause(words, verdict, anything_present=_is_anything_present(result))
    if failed := _failed_gates(words, verdict):
        remarks.append(words("verdict.gate_failed", gates=words.listed(failed)))
    return VerdictView(
        state=verdict.state,
        sentence=_verdict_sentence(words, verdict, _emerging(result)),
        state_word=_with_confidence(words, verdict),
        measurable=words.plural("verdict.measurable", verdict.observable),
        remarks=remarks,
    )


def how_sure(words: Wording, result: AuditResult) -> list[str]:
    """Return how sure the verdict and its cause are, in figures; empty where there are none."""
    verdict = result.verdict
    sentences = cause_share(words, verdict)
    if verdict.present < 2:
        return sentences
    said = any(signal.evidence == "declared" for signal in result.signals)
    if verdict.probability is not None:
        chance = words.numbers.percent(min(verdict.probability, _ALMOST_SURE))
        key = "verdict.probability_measured" if said else "verdict.probability"
        sentences.append(words(key, chance=chance))
    if verdict.robustness is not None and not said:
        sentences.append(_robustness(words, verdict.robustness))
    return sentences


def deciders(words: Wording, result: AuditResult) -> list[Decider]:
    """Return, by signal, the columns to export and the questions to ask."""
    found: list[Decider] = []
    for number, signal in enumerate(result.signals, start=1):
        wanted = [one for one in result.verdict.would_decide if one.signal == signal.id]
        if wanted:
            questions = [_question(words, one) for one in wanted if one.question]
            found.append(
                Decider(
                    number,
                    words(f"signal.{signal.id}.name"),
                    _columns_by_table(words, wanted),
                    list(dict.fromkeys(questions)),
                )
            )
    return found


def _share_or_day(words: Wording, stated: str) -> str:
    """Word a figure of the contract: a share from 0 to 1, or an ISO day."""
    share = as_decimal(stated)
    return words.numbers.percent(float(share)) if share is not None else day(words, stated)


def _verdict_sentence(words: Wording, verdict: Verdict, emerging: int) -> str:
    if verdict.state is VerdictState.ESTABLISHED:
        present = _signals_present(words, verdict.present)
        plain = words("verdict.established", present=present)
        return words.either(f"verdict.established_{verdict.cause}", plain, present=present)
    if verdict.state is VerdictState.SUSPECTED:
        if verdict.present >= 2:
            return words("verdict.suspected", present=_signals_present(words, verdict.present))
        return words.plural("verdict.suspected_emerging", emerging)
    if verdict.state is VerdictState.NOT_ESTABLISHED:
        return words(f"verdict.not_established_{verdict.present}")
    return _inconclusive(words, verdict, emerging)


def _inconclusive(words: Wording, verdict: Verdict, emerging: int) -> str:
    """Say how much could be measured or, where all could in part, what was found."""
    if verdict.observable == 0:
        return words("verdict.cannot_conclude_nothing")
    if verdict.observable < len(SignalId):
        return words.plural("verdict.cannot_conclude", verdict.observable)
    if not verdict.present and emerging:
        return words.plural("verdict.cannot_conclude_emerging", emerging)
    return words(f"verdict.cannot_conclude_present_{verdict.present}")


def _is_anything_present(result: AuditResult) -> bool:
    return any(
        check.state is State.PRESENT and check.lifecycle == "stable" for check in result.checks
    )


def _robustness(words: Wording, found: Robustness) -> str:
    facts = {"stricter": found.stricter, "looser": found.looser}
    if found.without_one is None:
        return words("verdict.robustness", **facts)
    return words("verdict.robustness_of_people", without_one=found.without_one, **facts)


def _failed_gates(words: Wording, verdict: Verdict) -> list[str]:
    if verdict.present < 2:
        return []
    return [coded(words, "gate", name, {}) for name, held in verdict.gates.items() if not held]


def _with_confidence(words: Wording, verdict: Verdict) -> str:
    word = words(f"verdict_state.{verdict.state}")
    if verdict.confidence is None:
        return word
    return words(
        "verdict.with_confidence", state=word, confidence=words(f"confidence.{verdict.confidence}")
    )


def _emerging(result: AuditResult) -> int:
    return sum(signal.state is State.EMERGING for signal in result.signals)


def _signals_present(words: Wording, number: int) -> str:
    return words(f"signals_present.{number}")


def _columns_by_table(words: Wording, wanted: list[WouldDecide]) -> list[str]:
    """Return one line a table, with the columns that are missing of it."""
    tables: dict[str, list[str]] = {}
    for one in wanted:
        if one.table:
            columns = tables.setdefault(one.table, [])
            columns += [column_name(words, one.column, one.table)] if one.column else []
    return [
        words("deciders.table", table=table_name(words, table), columns=", ".join(columns))
        if columns
        else table_name(words, table)
        for table, columns in tables.items()
    ]


def _question(words: Wording, one: WouldDecide) -> str:
    texts = one.question or {}
    text = texts.get(words.language) or texts.get("en", "")
    return words.unbroken(cell_text(text, _LONGEST_QUESTION))
