"""The row checks of one table: what can be seen, what is collected, who fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from checks.context import Context, hits_relation
from checks.events.relations import signs
from checks.features.composing import Layers, compose
from checks.features.definitions import SourceColumn, features_of, is_met
from checks.measurement import Measurement, not_observable
from checks.results import ConfigurationFinding, GroupStat
from checks.rows.collected import Demand, Uncollected, survey
from checks.rows.counting import Tally, tally
from checks.rows.flags import (
    RowCheck,
    counted_relation,
    create_flags,
    examined_relation,
    row_check,
)
from checks.rows.required import FEATURES, Requirement, requirement_of
from checks.spec import CheckSpec

#: The dates that can say whether a record is in the window.
_WINDOW_DATES = ("created_at", "modified_at", "close_date")
#: More stages than that say nothing on a page.
_MOST_STAGES = 30


@dataclass
class TableOutcome:
    """What the row checks of a table found.

    Attributes:
        measurements: By check id. A check that a measure or an expectation decides is here
            only if it cannot be measured; else its population relation awaits it.
        findings: Fields that are not collected.
    """

    measurements: dict[str, Measurement] = field(default_factory=dict)
    findings: list[ConfigurationFinding] = field(default_factory=list)


def measure_rows(context: Context, table: str, specs: Sequence[CheckSpec]) -> TableOutcome:
    """Measure the row checks of a table, and lay out the population of its other checks."""
    run = _TableRun(context, table)
    checks = run.parsed(specs)
    checks = run.observable(checks)
    checks = run.collected(checks)
    checks = run.flagged(checks)
    checks = run.explained(checks)
    run.count([check for check in checks if check.defect is not None])
    return run.outcome


def broken(error: Exception) -> Measurement:
    """Return the measurement of a check that raised; what records hold stays out of it."""
    facts: dict[str, str | int | list[str]] = {"exception": type(error).__name__}
    return Measurement(reason="error", reason_facts=facts, coverage=0.0)


class _TableRun:
    """One table on its way; each step settles some checks and returns the others."""

    def __init__(self, context: Context, table: str) -> None:
        self.context = context
        self.table = table
        self.capabilities = context.snapshot.capabilities
        self.features = features_of(table, self.capabilities)
        self.requirement: Requirement | None = None
        self.outcome = TableOutcome()

    def parsed(self, specs: Sequence[CheckSpec]) -> list[RowCheck]:
        """Parse every predicate, and take in the required fields if a check asks for them."""
        checks = []
        for spec in specs:
            try:
                checks.append(row_check(spec))
            except Exception as error:
                self.outcome.measurements[spec.id] = broken(error)
        if any(_is_about_required(check) for check in checks):
            self.requirement = requirement_of(self.context, self.features)
            self.features = self.features.including(self.requirement.features({}))
            self.outcome.findings += self.requirement.findings
        return checks

    def observable(self, checks: Sequence[RowCheck]) -> list[RowCheck]:
        """Settle the checks whose columns were not supplied, and name the columns."""
        seen = []
        for check in checks:
            if missing := self._missing(check):
                reason = str(self.capabilities.column(*missing[0]))
                if ("stages", "rank") in missing:
                    reason = "stage_order_unknown"
                self._settle_unseen(check, reason, missing)
            else:
                seen.append(check)
        return seen

    def collected(self, checks: Sequence[RowCheck]) -> list[RowCheck]:
        """Take out what nobody fills: checks, stages of a check, fields of the requirement."""
        uncollected = self._uncollected_of(checks)
        remaining = []
        for check in checks:
            absent = uncollected.get(check.spec.id, Uncollected())
            self.outcome.findings += absent.findings
            if absent.everywhere:
                self._settle_unseen(
                    check, "not_collected", [(self.table, check.spec.collects or "")]
                )
            else:
                remaining.append(replace(check, uncollected_stages=absent.stages))
        return remaining

    def flagged(self, checks: Sequence[RowCheck]) -> list[RowCheck]:
        """Create the flags in one scan; without those checks that break it, if any does."""
        checks = [
            replace(check, keeps=self._kept(check), counts=self._counted(check)) for check in checks
        ]
        try:
            create_flags(self.context, self.features, checks)
            return checks
        except Exception:
            working = [check for check in checks if self._works(check)]
            create_flags(self.context, self.features, working)
            return working

    def explained(self, checks: Sequence[RowCheck]) -> list[RowCheck]:
        """Settle the checks that saw no record, because a feature is unknown on every one."""
        doubtful = [check for check in checks if self._explaining([check])]
        names = self._explaining(doubtful)
        if not names:
            return list(checks)
        known = [f"count({name}) filter (is_open)" for name in names]
        seen = [f"count(*) filter (e_{check.slug})" for check in doubtful]
        ((records, *found),) = self.context.snapshot.rows(
            f"select count(*) filter (is_open), {', '.join([*known, *seen])} "
            f"from {examined_relation(self.table)}"
        )
        counts = dict(zip([*names, *(check.spec.id for check in doubtful)], found, strict=True))
        remaining = []
        for check in checks:
            unknown = [name for name in self._explaining([check]) if not counts[name]]
            if records and unknown and not counts[check.spec.id]:
                self._settle_unseen(check, self.features[unknown[0]].unknown_reason or "", [])
            else:
                remaining.append(check)
        return remaining

    def count(self, checks: Sequence[RowCheck]) -> None:
        """Count the checks that their rows decide."""
        for check, counts in zip(checks, tally(self.context, self.table, checks), strict=True):
            self.outcome.measurements[check.spec.id] = self._measurement(check, counts)

    def _settle_unseen(self, check: RowCheck, reason: str, missing: list[SourceColumn]) -> None:
        columns = [f"{table}.{column}" for table, column in missing]
        self.outcome.measurements[check.spec.id] = not_observable(
            reason, missing=tuple(missing), columns=columns
        )

    def _missing(self, check: RowCheck) -> list[SourceColumn]:
        if not self.capabilities.table(self.table).observable:
            return [(self.table, "id")]
        missing = [
            column
            for need in self.features.needs(sorted(check.read))
            if not is_met(need, self.capabilities)
            for columns in need
            for column in sorted(columns)
            if not self.capabilities.column(*column).observable and column != ("deals", "state")
        ]
        if self.requirement and _is_about_required(check):
            missing += self.requirement.missing
        return list(dict.fromkeys(missing))

    def _uncollected_of(self, checks: Sequence[RowCheck]) -> dict[str, Uncollected]:
        """Find the fields that checks are about and nobody fills, by check id.

        Where something else than the field can meet the demand, such as a planned meeting,
        the doubtful checks are looked at again with all that meets it. Required fields that
        nobody fills leave the requirement.
        """
        asking = [
            check
            for check in checks
            if check.spec.collects
            and self.capabilities.column(self.table, check.spec.collects).observable
        ]
        found = self._survey(asking, [check for check in checks if _is_about_required(check)])
        self._require_only_collected_fields(found[len(asking) :])
        absent = {c.spec.id: one for c, one in zip(asking, found, strict=False) if one}
        doubtful = [
            check
            for check in asking
            if check.spec.id in absent and check.read_by_defect != {check.spec.collects}
        ]
        found = self._survey(doubtful, exactly=True)
        absent.update({c.spec.id: one for c, one in zip(doubtful, found, strict=True)})
        return absent

    def _survey(
        self,
        checks: Sequence[RowCheck],
        about_required: Sequence[RowCheck] = (),
        *,
        exactly: bool = False,
    ) -> list[Uncollected]:
        """Return where the fields of checks, then the required fields, are not collected."""
        requirement = self.requirement if about_required else None
        names = [name for check in checks for name in (check.spec.collects or "", *check.asked())]
        names += [name for check in about_required for name in check.asked()]
        names += requirement.read() if requirement else []
        if exactly:
            names += [name for check in checks for name in check.read_by_defect]
        if not names:
            return []
        layers = self._layers(names)
        demands = [_demand(check, layers, exactly=exactly) for check in checks]
        if requirement:
            eligible = " OR ".join(check.eligible(layers) for check in about_required)
            demands += requirement.demands(layers, eligible)
        return survey(self.context, layers, demands)

    def _require_only_collected_fields(self, found: Sequence[Uncollected]) -> None:
        if self.requirement and found:
            absent = {f.label: one for f, one in zip(self.requirement.fields, found, strict=True)}
            self.outcome.findings += [finding for one in found for finding in one.findings]
            self.features = self.features.including(self.requirement.features(absent))

    def _layers(self, names: Iterable[str]) -> Layers:
        stage = {"stage"} if self.table == "deals" else set()
        return compose(self.context, self.features, sorted({*names} | stage))

    def _kept(self, check: RowCheck) -> tuple[str, ...]:
        """Return the features that are kept so that the check can be explained."""
        kept = self._explaining([check])
        if kept:
            kept.append("is_open")
        if _is_about_required(check):
            kept += sorted(FEATURES)
        return tuple(kept)

    def _counted(self, check: RowCheck) -> tuple[str, ...]:
        """Return the features that are counted so that the check can be grouped."""
        if self.requirement and _is_about_required(check):
            return self.requirement.counted()
        return ()

    def _explaining(self, checks: Sequence[RowCheck]) -> list[str]:
        """Return the features behind the checks that may be unknown on every deal."""
        return [
            feature.name
            for feature in self.features.closure(sorted({n for c in checks for n in c.read}))
            if feature.unknown_reason and not any(_is_about_required(c) for c in checks)
        ]

    def _works(self, check: RowCheck) -> bool:
        try:
            create_flags(self.context, self.features, [check])
        except Exception as error:
            self.outcome.measurements[check.spec.id] = broken(error)
            return False
        return True

    def _measurement(self, check: RowCheck, counts: Tally) -> Measurement:
        if not counts.owners:
            return replace(_nobody(), stock=counts.stock)
        facts: dict[str, str | int | list[str]] = {}
        groups = _stage_groups(counts)
        if check.spec.window and not self._has_dates():
            facts["window"] = "no_dates"
        if self.requirement and _is_about_required(check):
            groups = self.requirement.group_stats(
                self.context, counted_relation(self.table), f"e_{check.slug}"
            )
            if self.requirement.left_out:
                facts["left_out"] = list(self.requirement.left_out)
        doubts = self._doubts(check)
        if doubts:
            facts["doubts"] = doubts
        eligible = sum(owner.n_eligible for owner in counts.owners)
        return Measurement(
            owners=counts.owners,
            hits=hits_relation(check.spec),
            reason_facts=facts,
            coverage=eligible / counts.population,
            evidence="estimated" if doubts else check.spec.evidence,
            groups=groups,
            stock=counts.stock,
        )

    def _doubts(self, check: RowCheck) -> list[str]:
        """Return the signs that make a guess of what the check reads."""
        names = {name for one in self.features.closure(sorted(check.read)) for name in one.doubts}
        return [sign for name in sorted(names) for sign in signs(self.context, name)]

    def _has_dates(self) -> bool:
        return any(self.capabilities.column(self.table, name).observable for name in _WINDOW_DATES)


def _demand(check: RowCheck, layers: Layers, *, exactly: bool) -> Demand:
    column = check.spec.collects or ""
    filled = f"{layers.name(column)} IS NOT NULL"
    if exactly:
        filled += f" OR coalesce(NOT ({check.failing(layers)}), FALSE)"
    return Demand(column, check.eligible(layers), filled)


def _is_about_required(check: RowCheck) -> bool:
    return bool(check.read & FEATURES)


def _nobody() -> Measurement:
    return not_observable("nobody_to_examine")


def _stage_groups(counts: Tally) -> tuple[GroupStat, ...]:
    most = sorted(counts.stages, key=lambda stage: (-stage[1], stage[0]))[:_MOST_STAGES]
    return tuple(
        GroupStat(dimension="stage", key=stage, label=stage, n_eligible=n, k_defect=k, rate=k / n)
        for stage, n, k in sorted(most)
    )
