"""Why a finding is there, in sentences: of one check, and of the whole audit."""

from __future__ import annotations

from checks.cause_results import CausePart, CauseShare, CheckTriage, Discriminator, Thesis
from checks.results import CheckResult, State, Verdict
from reports.record_text import cell_text
from reports.sentences import coded, column_name, day
from reports.wording import Wording

_LONGEST_LEVEL = 60
#: Sentences on a cause that have one form, however many people or teams it concerns.
_WITHOUT_NUMBER = ("systemic", "mixed", "differences.systemic", "differences.team")
_ORIGINS = ("import_batch", "created_by")
#: Evidence that a tool, not an organisation, may be behind a finding.
_FRICTION = ("required_fields", "unused_fields", "typing_time")


def check_cause(words: Wording, check: CheckResult) -> list[str]:
    """Return where the defects of a check come from; nothing where there is nothing to explain."""
    triage = check.triage
    if triage is None or check.state in (State.ABSENT, State.NOT_OBSERVABLE, State.ERROR):
        return []
    if triage.undetermined_because:
        return [coded(words, "undetermined", triage.undetermined_because, triage.facts)]
    if check.cause == "not_separable":
        return [words("triage.not_sure")]
    sentences = [_sentence(words, triage, check.table)]
    if len(_alike(triage)) > 1 and triage.kind != "mixed":
        sentences.append(words("triage.also", parts=_parts(words, triage, check.table)))
    return sentences


def verdict_cause(words: Wording, verdict: Verdict, *, anything_present: bool) -> list[str]:
    """Return why the signals are there, and what that does not prove.

    That everybody has a defect does not prove that the organisation causes it, so the tool is
    never said to be innocent: at most, that no sign against it was found where it was looked at.
    """
    if verdict.cause is None:
        return [words("cause.not_examined" if anything_present else "cause.nothing_present")]
    sentences = [words(f"cause.{verdict.cause}")]
    thesis = verdict.thesis
    if thesis is None:
        return sentences
    if verdict.cause in ("organisational", "team", "not_separable") and thesis.examined:
        sentences += _honesty(words, thesis)
    return sentences


def cause_share(words: Wording, verdict: Verdict) -> list[str]:
    """Return how much of what was found the cause explains; nothing where no cause prevails."""
    thesis = verdict.thesis
    share = _decisive_share(thesis, verdict.cause) if thesis and verdict.cause else None
    if share is None:
        return []
    return [
        words(
            "thesis.share",
            cause=words(f"cause.{verdict.cause}"),
            share=words.numbers.percent(share.value),
            interval=words.numbers.percent_range(share.lo, share.hi),
        )
    ]


def _decisive_share(thesis: Thesis, cause: str) -> CauseShare | None:
    return {
        "organisational": thesis.organisational,
        "team": thesis.of_teams,
        "individual": thesis.individual,
        "technical": thesis.technical,
    }.get(cause)


def _honesty(words: Wording, thesis: Thesis) -> list[str]:
    """Return what tells the organisation from the tool, and what was not measured of it."""
    by_code = {one.code: one for one in thesis.discriminators}
    sentences = []
    teams = by_code.get("between_teams")
    if teams is not None and teams.measured and teams.points_to == "organisation":
        points = words.numbers.percent(teams.value)
        sentences.append(words("thesis.teams_differ", points=points))
    rules = by_code.get("declared")
    if rules is not None and rules.points_to == "organisation":
        sentences.append(words("thesis.rules_missing", **_counts(rules)))
    heavy = [by_code[code] for code in _FRICTION if _points_to_tool(by_code.get(code))]
    if heavy:
        sentences.append(
            words("thesis.friction_high", facts=words.listed([_friction(words, d) for d in heavy]))
        )
    elif not thesis.friction_measured:
        sentences.append(words("thesis.friction_not_measured"))
    else:
        sentences.append(words("thesis.friction_low"))
    return sentences


def _counts(found: Discriminator) -> dict[str, int]:
    return {name: found.facts.get(name, 0) for name in ("missing", "asked")}


def _points_to_tool(found: Discriminator | None) -> bool:
    return found is not None and found.points_to == "tool"


def _friction(words: Wording, found: Discriminator) -> str:
    if found.code == "required_fields":
        return words("friction.required_fields", fields=round(found.value or 0))
    if found.code == "typing_time":
        return words("friction.typing_time")
    return words("friction.unused_fields", share=words.numbers.percent(found.value))


def _sentence(words: Wording, triage: CheckTriage, table: str) -> str:
    if triage.kind == "mixed" and len(_alike(triage)) > 1:
        return words("triage.several", parts=_parts(words, triage, table))
    key = triage.kind if triage.about != "differences" else f"differences.{triage.kind}"
    main = next((part for part in triage.parts if part.kind == triage.kind), None)
    facts: dict[str, object] = {"people": triage.people, "of_people": triage.of_people}
    if main is None or key in _WITHOUT_NUMBER:
        return words(f"triage.{key}", **facts)
    if triage.kind == "technical":
        facts |= {"share": words.numbers.percent(main.share), "origin": _origin(words, main, table)}
        return words(f"triage.{key}", **facts)
    count = main.people if triage.kind == "individual" else max(main.teams, 1)
    return words.plural(f"triage.{key}", count, **facts | {"people": main.people})


def _parts(words: Wording, triage: CheckTriage, table: str) -> str:
    """Return the parts with their shares; those of one kind count as one."""
    return words.listed([_part(words, parts, table) for parts in _alike(triage)])


def _alike(triage: CheckTriage) -> list[list[CausePart]]:
    alike: dict[tuple[str | None, ...], list[CausePart]] = {}
    for part in triage.parts:
        level = None if part.attribute == "import_batch" else part.level
        alike.setdefault((part.kind, part.attribute, level), []).append(part)
    return list(alike.values())


def _part(words: Wording, parts: list[CausePart], table: str) -> str:
    share = words.numbers.percent(sum(part.share for part in parts))
    first = parts[0]
    if first.kind == "technical":
        return words("part.technical", share=share, origin=_origins(words, parts, table))
    count = sum(part.teams if first.kind == "team" else part.people for part in parts)
    return words.plural(f"part.{first.kind}", count, share=share)


def _origins(words: Wording, parts: list[CausePart], table: str) -> str:
    if len(parts) == 1:
        return _origin(words, parts[0], table)
    days = [day(words, cell_text(part.level or "", _LONGEST_LEVEL)) for part in parts]
    return words("origin.import_batches", days=words.listed(days))


def _origin(words: Wording, part: CausePart, table: str) -> str:
    """Return what tells the records of a technical cause, such as "an import of 3 March"."""
    level = cell_text(part.level or "", _LONGEST_LEVEL)
    attribute = part.attribute or ""
    if attribute == "import_batch":
        return words("origin.import_batch", day=day(words, level))
    if attribute in _ORIGINS:
        return words(f"origin.{attribute}")
    return words("origin.column", column=column_name(words, attribute, table), value=level)
