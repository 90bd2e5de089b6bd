"""A history made of dated exports of one CRM."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.earlier import add_changes, set_aside
from connectors.errors import ConfigurationError, InputError
from connectors.snapshot import Availability
from tests.connectors.written import load, write_csv

HEADERS = ["Id", "Name", "StageName", "Amount", "CloseDate", "OwnerId", "LastModifiedDate",
           "LastModifiedById"]  # fmt: skip
ROW = ["006A", "Deal", "Offer", "100", "2026-09-01", "005A", "2026-05-20T10:00:00Z", "005B"]
OCTOBER, NOVEMBER, DECEMBER = date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)


def row(**changes):
    return [changes.get(header, value) for header, value in zip(HEADERS, ROW, strict=True)]


def export(folder, *rows, headers=HEADERS):
    folder.mkdir(exist_ok=True)
    write_csv(folder, "Opportunity.csv", headers, rows)
    return load(folder).snapshot


def compared(tmp_path, *exports, history=None):
    """Return the last export with what changed since the others; a month lies between them."""
    *earlier, current = exports
    days = [OCTOBER, NOVEMBER, DECEMBER][-len(exports) :]
    kept = [
        set_aside(export(tmp_path / f"e{n}", *rows), f"e{n}", day, tmp_path / f"e{n}.parquet")
        for n, (rows, day) in enumerate(zip(earlier, days, strict=False))
    ]
    folder = tmp_path / "now"
    folder.mkdir()
    if history:
        write_csv(
            folder,
            "OpportunityFieldHistory.csv",
            ["OpportunityId", "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById"],
            history,
        )
    snapshot = export(folder, *current)
    add_changes(snapshot, days[-1], kept, tmp_path)
    return snapshot


def history(snapshot, columns="field, old_value, new_value"):
    return snapshot.rows(f"select {columns} from field_history order by changed_at, field, id")


def test_what_differs_between_two_exports_has_changed(tmp_path):
    now = row(StageName="Won deal", Amount="250.50", LastModifiedDate="2026-06-20T10:00:00Z")
    snapshot = compared(tmp_path, [row()], [now])
    assert history(snapshot) == [("amount", "100.00", "250.50"), ("stage", "Offer", "Won deal")]


def test_a_change_bears_the_stamp_and_user_of_the_record_if_it_lies_between_the_exports(tmp_path):
    inside = row(Amount="1", LastModifiedDate="2026-06-20T10:00:00Z")
    late = row(Id="006B", Amount="1", LastModifiedDate="2026-07-20T10:00:00Z")
    snapshot = compared(tmp_path, [row(), row(Id="006B")], [inside, late])
    assert [(str(at), user) for at, user in history(snapshot, "changed_at, user_id")] == [
        ("2026-06-20 10:00:00", "005B"),
        ("2026-06-30 00:00:00", None),
    ]


def test_several_exports_are_compared_in_the_order_of_their_days(tmp_path):
    snapshot = compared(
        tmp_path, [row(StageName="Call")], [row(StageName="Offer")], [row(StageName="Final")]
    )
    assert history(snapshot) == [("stage", "Call", "Offer"), ("stage", "Offer", "Final")]


def test_new_deals_and_deals_that_are_gone_have_not_changed(tmp_path):
    snapshot = compared(tmp_path, [row(), row(Id="gone")], [row(), row(Id="new")])
    assert history(snapshot) == []


def test_a_field_that_one_export_lacks_has_not_changed(tmp_path):
    without = [value for header, value in zip(HEADERS, row(), strict=True) if header != "Amount"]
    headers = [header for header in HEADERS if header != "Amount"]
    old = export(tmp_path / "old", without, headers=headers)
    kept = set_aside(old, "old", NOVEMBER, tmp_path / "old.parquet")
    snapshot = export(tmp_path / "now", row())
    add_changes(snapshot, DECEMBER, [kept], tmp_path)
    assert history(snapshot) == []


def test_a_field_with_a_history_of_its_own_is_left_to_it(tmp_path):
    real = ["006A", "StageName", "Call", "Offer", "2026-05-10T08:00:00.000Z", "005A"]
    snapshot = compared(tmp_path, [row()], [row(StageName="Final", Amount="7")], history=[real])
    assert ("stage", "Offer", "Final") not in history(snapshot)
    assert ("amount", "100.00", "7.00") in history(snapshot)


def test_who_changed_something_and_when_is_not_said_to_be_known(tmp_path):
    snapshot = compared(tmp_path, [row()], [row(Amount="7")])
    column = snapshot.capabilities.column
    assert column("field_history", "new_value") is Availability.DERIVED
    assert column("field_history", "user_id") is Availability.COLUMN_ABSENT
    assert {source for (source,) in history(snapshot, "source")} == {"export_diff"}


def test_what_was_compared_is_said(tmp_path):
    notes = compared(tmp_path, [row()], [row(Amount="7")]).provenance.notes
    facts = [note.facts for note in notes if note.code == "earlier_export_compared"]
    assert facts == [{"file": "e0", "day": "2026-05-31", "changes": 1}]


def test_exports_without_a_common_deal_are_refused(tmp_path):
    with pytest.raises(InputError, match="no deal of e0 is in now: they are not of one CRM"):
        compared(tmp_path, [row(Id="006X")], [row()])


def test_an_export_that_is_not_earlier_is_refused(tmp_path):
    old = export(tmp_path / "old", row())
    kept = set_aside(old, "old", DECEMBER, tmp_path / "old.parquet")
    with pytest.raises(ConfigurationError, match="old shows 2026-06-30"):
        add_changes(export(tmp_path / "now", row()), DECEMBER, [kept], tmp_path)


def test_deals_that_only_have_row_numbers_cannot_be_compared(tmp_path):
    named = export(tmp_path / "old", ["Deal", "Offer"], headers=["Deal Name", "Stage"])
    with pytest.raises(InputError, match="have no id"):
        set_aside(named, "old", NOVEMBER, tmp_path / "old.parquet")
