"""Everything that may be set: thresholds, required fields, weights, words, the contract.

One profile is in force in an audit; its hash is printed in every report, because a number
without its definition cannot be compared with last month's.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from checks.results import SignalId


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CheckOverride(_Strict):
    """What a profile changes in one check."""

    enabled: bool = True
    params: dict[str, float | int | str] = Field(default_factory=dict)
    tolerance: dict[str, float | int] = Field(default_factory=dict)


class RequiredFields(_Strict):
    """Fields that a record must hold; an entry ``a | b`` is met by either.

    Attributes:
        critical: One empty, junk or invalid field here is a defect (weight 3).
        important: Weight 2 in the record's score.
        other: Weight 1 in the record's score.
        from_first_third: Critical once a deal stands in the first third of the pipeline's
            open stages or later; ignored while the order of stages is unknown.
        by_stage: Critical for deals in the stage named, besides the above.
        optional: Never taken for required, however many deals of a stage hold them.
    """

    critical: tuple[str, ...] = ()
    important: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    from_first_third: tuple[str, ...] = ()
    by_stage: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    optional: tuple[str, ...] = ()


class Lexicon(_Strict):
    """Words of the organisation's own that stand for nothing; added to the built-in ones."""

    junk: tuple[str, ...] = ()
    not_junk: tuple[str, ...] = ()


class ContractLimits(_Strict):
    """Limits of the intake contract; see ``checks.expectations.contract``.

    Attributes:
        unresolved_keys_from: Filled values that a key needs before its share proves anything.
        records_lost: Share of a table's records that may be missing since the audit before.
    """

    rows_unread: float = 0.01
    duplicate_ids: float = 0.001
    unparsed_values: float = 0.05
    unresolved_keys: float = 0.50
    unresolved_keys_from: int = 30
    created_after_as_of: float = 0.05
    records_lost: float = 0.20


#: Weight of each family in the index of its signal.
DEFAULT_WEIGHTS: dict[SignalId, dict[str, float]] = {
    SignalId.INCOMPLETE_OR_OBSOLETE: {
        "completeness": 2,
        "staleness": 3,
        "validity": 1,
        "integrity": 1,
        "timeliness": 1,
    },
    SignalId.INCONSISTENT_USE: {
        "fields": 3,
        "stages": 2,
        "vocabulary": 1,
        "amounts": 1,
        "definitions": 2,
    },
    SignalId.WORKAROUNDS: {
        "unlogged": 3,
        "bursts": 2,
        "deserts": 2,
        "pointers": 2,
        "side_masters": 2,
    },
    SignalId.NOT_USED_FOR_DECISIONS: {
        "consultation": 2,
        "forecast": 3,
        "churn": 2,
        "follow_up": 1,
        "ritual": 3,
    },
}

DEFAULT_REQUIRED: dict[str, RequiredFields] = {
    "deals": RequiredFields(
        critical=("account_id", "owner_id", "stage"),
        from_first_third=("amount", "close_date"),
        important=("next_step", "contact_id"),
        other=("name",),
    ),
    "accounts": RequiredFields(critical=("name", "website | phone | country")),
    "contacts": RequiredFields(critical=("name", "email | phone | mobile")),
}


class Profile(_Strict):
    """The section ``profile:`` of ``auditor.yaml``, with every default filled in.

    Attributes:
        region: Country whose phone numbers are written without a prefix, ISO 3166 alpha-2.
        currency: Currency of amounts that carry none, ISO 4217.
        time_zone: Time zone of the organisation's calendar days, IANA name.
        sales_cycle_days: Days that a sale should take, as the organisation says; what was learned
            from its deals is compared with it.
        window_months: Months back that closed deals, accounts, contacts and leads count.
        values: Legal values per ``table.column``, for ``value-not-in-reference``.
        checks_dir: Folder of the user's own check files, relative to ``auditor.yaml``.
        seed: Seed of every random draw.
    """

    region: str | None = None
    currency: str | None = None
    time_zone: str = "UTC"
    sales_cycle_days: int | None = Field(default=None, ge=1)
    window_months: int = Field(default=12, ge=1)
    checks: dict[str, CheckOverride] = Field(default_factory=dict)
    required_fields: dict[str, RequiredFields] = Field(default_factory=lambda: DEFAULT_REQUIRED)
    weights: dict[SignalId, dict[str, float]] = Field(default_factory=lambda: DEFAULT_WEIGHTS)
    lexicon: Lexicon = Lexicon()
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    contract: ContractLimits = ContractLimits()
    checks_dir: str | None = None
    seed: int = 20260630

    @field_validator("required_fields")
    @classmethod
    def _keep_other_tables(cls, given: dict[str, RequiredFields]) -> dict[str, RequiredFields]:
        """Whoever settles the deals does not thereby free the contacts of every duty."""
        return DEFAULT_REQUIRED | given

    @field_validator("weights")
    @classmethod
    def _keep_other_weights(
        cls, given: dict[SignalId, dict[str, float]]
    ) -> dict[SignalId, dict[str, float]]:
        return {
            signal: weights | given.get(signal, {}) for signal, weights in DEFAULT_WEIGHTS.items()
        }

    def digest(self, stages: Any = None) -> str:
        """Return the hash of the resolved profile and of the stage map, 12 hex digits."""
        return _digest({"profile": self.model_dump(mode="json"), "stages": stages})

    def part_digests(self, stages: Any = None) -> dict[str, str]:
        """Return the hash of each part by its name, to tell later which of them changed."""
        parts = {**self.model_dump(mode="json"), "stages": stages}
        return {name: _digest(part) for name, part in sorted(parts.items())}


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
