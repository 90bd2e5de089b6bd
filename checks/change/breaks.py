"""What other than the CRM changed between two results, so that their figures differ for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checks.comparison import Break, BreakCode
from checks.results import AuditResult, CheckResult
from checks.run_info import RunInfo

#: What is derived follows from what was supplied, or from the history itself, and is no input.
_SUPPLIED = "supplied"
_UNSEEN = "not_observable"
_THERE = (_SUPPLIED, "derived", "column_empty")
#: Limits that are learned, and the checks whose findings follow from them.
LIMITED: Mapping[str, tuple[str, ...]] = {
    "required_fields": ("open-deal-with-missing-required-field",),
    "sold_cycles": ("deal-created-and-won-same-day", "won-deal-without-activity"),
    "stage_limits": ("stalled-open-deal", "zombie-deal"),
    "usual_gap": ("open-deal-without-activity", "zombie-deal"),
    "usual_stages": ("skipped-stage",),
    "won_cycles": ("stalled-open-deal", "zombie-deal"),
}
#: Parts of a profile, and the checks whose findings follow from them: by a part of their id.
#: An empty text is part of every id.
_FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "required_fields": ("required",),
    "lexicon": ("junk", "required", "without-next-step", "without-reason"),
    "values": ("value-not-in-reference",),
    "region": ("phone",),
    "window_months": ("",),
    "time_zone": ("",),
    "stages": ("deal", "stage"),
}


def breaks_between(before: AuditResult, now: AuditResult) -> list[Break]:
    """Return every break, in a fixed order; none between two audits of one definition."""
    old = {check.check_id: check for check in before.checks}
    new = {check.check_id: check for check in now.checks}
    return [
        *_checks_that_came_or_went(old, new),
        *_changed_checks(old, new),
        *_changed_profile(before, now),
        *_changed_inputs(before, now),
        *_changed_limits(before, now),
    ]


def not_comparable(breaks: list[Break]) -> frozenset[str]:
    """Return the checks whose figures differ for another reason than the CRM."""
    return frozenset(check for one in breaks for check in one.checks)


def _gone(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return sorted(
        name for name, state in before.items() if state == _SUPPLIED and now.get(name) not in _THERE
    )


def _checks_that_came_or_went(
    old: Mapping[str, CheckResult], new: Mapping[str, CheckResult]
) -> Iterator[Break]:
    if added := [name for name in new if name not in old]:
        yield Break(code="check_added", checks=added, facts={"checks": added})
    if removed := [name for name in old if name not in new]:
        yield Break(code="check_removed", checks=removed, facts={"checks": removed})


def _changed_checks(
    old: Mapping[str, CheckResult], new: Mapping[str, CheckResult]
) -> Iterator[Break]:
    for name, check in new.items():
        if name not in old:
            continue
        was = old[name]
        if was.version != check.version:
            facts: dict[str, Any] = {"check": name, "before": was.version, "now": check.version}
            yield Break(code="version", checks=[name], facts=facts)
            continue
        for code, key, before, now in _differences(was.definition, check.definition):
            facts = {"check": name, "name": key, "before": before, "now": now}
            yield Break(code=code, checks=[name], facts=facts)


def _differences(
    before: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[BreakCode, str, str, str]]:
    """Yield what differs between two definitions: parameters and tolerances one by one."""
    groups: dict[str, BreakCode] = {"params": "definition", "tolerance": "tolerance"}
    for group, code in groups.items():
        was, is_ = before.get(group) or {}, now.get(group) or {}
        for key in sorted({*was, *is_}):
            if was.get(key) != is_.get(key):
                yield code, key, str(was.get(key)), str(is_.get(key))
    for key in sorted({*before, *now} - {"params", "tolerance"}):
        if before.get(key) != now.get(key):
            yield "definition", key, str(before.get(key)), str(now.get(key))


def _changed_profile(before: AuditResult, now: AuditResult) -> Iterator[Break]:
    """Yield the parts of the profile that changed; results of older programs do not tell them."""
    was, is_ = before.run.profile_parts, now.run.profile_parts
    if not was or not is_:
        return
    for part in sorted({*was, *is_}):
        if was.get(part) != is_.get(part) and part != "checks":
            follows = _FOLLOWING.get(part, ())
            checks = [c.check_id for c in now.checks if any(word in c.check_id for word in follows)]
            yield Break(code="profile", checks=checks, facts={"part": part})


def _changed_inputs(before: AuditResult, now: AuditResult) -> Iterator[Break]:
    ways: dict[BreakCode, tuple[RunInfo, RunInfo]] = {
        "input_lost": (before.run, now.run),
        "input_gained": (now.run, before.run),
    }
    for code, (was, is_) in ways.items():
        lost = _gone(was.capabilities, is_.capabilities)
        tables = {name for name in lost if "." not in name}
        named = [name for name in lost if name in tables or name.partition(".")[0] not in tables]
        if named:
            yield Break(code=code, checks=_differently_seen(before, now), facts={"columns": named})


def _differently_seen(before: AuditResult, now: AuditResult) -> list[str]:
    """Return the checks that one of two results could observe and the other could not."""
    unseen = {c.check_id for c in before.checks if c.state == _UNSEEN}
    return [c.check_id for c in now.checks if (c.state == _UNSEEN) != (c.check_id in unseen)]


def _changed_limits(before: AuditResult, now: AuditResult) -> Iterator[Break]:
    """Yield the limits that were learned anew; results of older programs do not tell them.

    A check that neither audit could observe has no limit, and moves no figure.
    """
    was, is_ = ({one.name: one.values() for one in each.learned} for each in (before, now))
    seen = {c.check_id for c in (*before.checks, *now.checks) if c.state != _UNSEEN}
    for name in sorted(was.keys() & is_.keys()):
        follows = [check for check in LIMITED.get(name, ()) if check in seen]
        if was[name] != is_[name] and follows:
            yield Break(code="learning", checks=follows, facts={"limit": name, "checks": follows})
