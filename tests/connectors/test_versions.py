"""Salesforce's file of every saved version of a deal tells what changed, and when."""

import csv
import shutil
from collections import defaultdict
from pathlib import Path

from tests.connectors.written import load, values, write_csv

DEALS = ["Id", "Name", "StageName", "Amount", "CloseDate", "OwnerId"]
VERSIONS = [
    "Id", "OpportunityId", "CreatedById", "CreatedDate", "StageName", "Amount",
    "ExpectedRevenue", "CloseDate", "Probability", "ForecastCategory",
]  # fmt: skip
CHANGES = ["Id", "OpportunityId", "Field", "OldValue", "NewValue", "CreatedById", "CreatedDate"]

EXAMPLES = Path(__file__).parents[2] / "examples"
TRACKED = "OpportunityFieldHistory.csv"
#: Fields that both files tell of.
COMPARED = ("StageName", "Amount", "CloseDate", "Probability")


def moment(day, hour=8):
    return f"2026-05-{day:02}T{hour:02}:00:00.000Z"


def version(number, at, stage, amount="1000.0", close="2026-09-30", deal="006A", by="005A"):
    return [f"008{number}", deal, by, at, stage, amount, "100.0", close, "10", "Pipeline"]


def export(folder, *versions, tracked=()):
    deals = [[key, "Deal", "Offer", "1000.0", "2026-09-30", "005A"] for key in ("006A", "006B")]
    write_csv(folder, "Opportunity.csv", DEALS, deals)
    write_csv(folder, "OpportunityHistory.csv", VERSIONS, versions)
    if tracked:
        write_csv(folder, "OpportunityFieldHistory.csv", CHANGES, tracked)
    return load(folder)


def changes(loaded, *columns):
    columns = columns or ("record_id", "field", "old_value", "new_value")
    asked = f"select concat_ws(' ', {', '.join(columns)}) from field_history order by row_no"
    return values(loaded, asked)


def test_what_differs_from_one_version_to_the_next_is_a_change(tmp_path):
    loaded = export(
        tmp_path,
        version(1, moment(1), "Qualification"),
        version(2, moment(3), "Proposal", amount="1500.0"),
        version(3, moment(9), "Proposal", amount="1500.0", close="2026-10-31"),
    )
    assert changes(loaded) == [
        "006A stage Qualification Proposal",
        "006A amount 1000.0 1500.0",
        "006A close_date 2026-09-30 2026-10-31",
    ]


def test_a_change_tells_who_made_it_and_when(tmp_path):
    loaded = export(
        tmp_path,
        version(1, moment(1), "Qualification"),
        version(2, moment(3, hour=17), "Proposal", by="005B"),
    )
    assert changes(loaded, "user_id", "changed_at") == ["005B 2026-05-03 17:00:00"]


def test_the_first_version_and_one_that_changes_nothing_are_no_changes(tmp_path):
    loaded = export(
        tmp_path,
        version(1, moment(1), "Qualification"),
        version(2, moment(2), "Qualification"),
        version(3, moment(2), "Proposal", deal="006B"),
    )
    assert changes(loaded) == []


def test_versions_are_compared_in_the_order_of_their_moments_whatever_that_of_the_file(tmp_path):
    loaded = export(
        tmp_path,
        version(3, moment(9), "Offer"),
        version(1, moment(1), "Qualification"),
        version(2, moment(3), "Proposal"),
    )
    assert sorted(changes(loaded)) == [
        "006A stage Proposal Offer",
        "006A stage Qualification Proposal",
    ]


def test_an_amount_that_was_taken_away_is_a_change(tmp_path):
    loaded = export(
        tmp_path,
        version(1, moment(1), "Qualification"),
        version(2, moment(2), "Qualification", amount=""),
    )
    told = "select old_value || ' to ' || coalesce(new_value, 'nothing') from field_history"
    assert values(loaded, told) == ["1000.0 to nothing"]


def test_a_tracked_field_is_left_to_its_history_from_the_day_that_was_switched_on(tmp_path):
    loaded = export(
        tmp_path,
        version(1, moment(1), "Qualification"),
        version(2, moment(3), "Proposal"),
        version(3, moment(9), "Offer", amount="1500.0"),
        tracked=[["017A", "006A", "StageName", "Proposal", "Offer", "005A", moment(9)]],
    )
    assert sorted(changes(loaded)) == [
        "006A amount 1000.0 1500.0",
        "006A stage Proposal Offer",
        "006A stage Qualification Proposal",
    ]


def test_the_report_says_how_many_versions_told_how_many_changes(tmp_path):
    loaded = export(
        tmp_path,
        version(1, moment(1), "Qualification"),
        version(2, moment(3), "Proposal"),
    )
    (note,) = [n for n in loaded.inferred.notes if n.code == "versions_compared"]
    assert note.facts == {"file": "OpportunityHistory.csv", "rows": 2, "changes": 1}


def test_a_moment_that_cannot_be_read_is_listed_with_the_line_of_its_version(tmp_path):
    loaded = export(
        tmp_path,
        version(1, moment(1), "Qualification"),
        version(2, "yesterday", "Proposal"),
    )
    (cell,) = loaded.snapshot.intake.unread
    assert (cell.file, cell.line, cell.value) == ("OpportunityHistory.csv", 3, "yesterday")


def test_versions_tell_of_a_whole_company_what_its_tracked_fields_tell(tmp_path):
    company = EXAMPLES / "harrowgate-lift"
    deals, history = rows_of(company, "Opportunity.csv"), rows_of(company, TRACKED)
    # A date that vanished without a trace is one of the failures that were planted there.
    deals = {deal["Id"]: deal for deal in deals if deal["CloseDate"]}
    told = [r for r in history if r["Field"] in COMPARED and r["OpportunityId"] in deals]
    tracked, saved = tmp_path / "tracked", tmp_path / "saved"
    for folder in (tracked, saved):
        folder.mkdir()
        shutil.copy(company / "Opportunity.csv", folder)
    write_csv(tracked, TRACKED, [*told[0]], [[*row.values()] for row in told])
    write_csv(saved, "OpportunityHistory.csv", VERSIONS, saved_versions(deals.values(), told))
    columns = ("record_id", "field", "changed_at", "old_value", "new_value", "user_id")
    assert len(told) > 1_000
    assert sorted(changes(load(saved), *columns)) == sorted(changes(load(tracked), *columns))


def rows_of(company, name):
    with (company / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def saved_versions(deals, history):
    """Return each deal as it stood after each save, told backwards from how it stands today."""
    saves = defaultdict(lambda: defaultdict(list))
    for change in history:
        saves[change["OpportunityId"]][change["CreatedDate"]].append(change)
    versions = []
    for deal in deals:
        state = {field: deal[field] for field in COMPARED}
        state["Probability"] += ".0" if state["Probability"] else ""  # as the history writes it
        for at, changed in sorted(saves[deal["Id"]].items(), reverse=True):
            versions.append((deal["Id"], changed[0]["CreatedById"], at, dict(state)))
            state |= {change["Field"]: change["OldValue"] for change in reversed(changed)}
        versions.append((deal["Id"], deal["CreatedById"], deal["CreatedDate"], state))
    return [
        [f"008{number}", deal, by, at, *(state.get(header, "") for header in VERSIONS[4:])]
        for number, (deal, by, at, state) in enumerate(versions)
    ]
