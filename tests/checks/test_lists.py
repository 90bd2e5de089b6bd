from __future__ import annotations

from pathlib import Path
from typing import Any

from checks.authoring.catalogue import load_catalogue
from checks.authoring.rehearsal import snapshot_from_rows
from checks.context import Context
from checks.lists.findings import write_findings
from checks.lists.list_queries import ListColumn, list_query
from checks.profile import Profile
from checks.spec import CheckSpec
from connectors.model import Kind
from tests.checks.snapshots import AS_OF, context_of, measure, measured, spec

CATALOGUE = load_catalogue()

DEALS: list[dict[str, Any]] = [
    {"id": "d2", "name": "Zebra", "amount": -1, "owner_id": "u1", "close_date": "2026-06-01"},
    {"id": "d1", "name": "Zebra", "amount": -1, "owner_id": "u2", "close_date": "2026-06-02"},
    {"id": "d3", "name": "Ape", "amount": -7, "owner_id": None, "close_date": None},
    {"id": "d4", "name": "Fine", "amount": 7, "owner_id": "u1", "close_date": None},
]
USERS = [{"id": "u1", "name": "Ann Lee"}, {"id": "u1", "name": "Ann Lee"}]


def listed(check: CheckSpec, tables: dict[str, list[dict[str, Any]]]) -> tuple[Any, list[Any]]:
    context = context_of(tables)
    query = list_query(context, check, measure(context, check))
    return query.columns, context.snapshot.rows(query.sql)


def test_the_record_comes_first_and_the_owners_name_beside_the_owner() -> None:
    check = spec("amount < 0", columns=("name", "owner_id", "days_past_close"), sort=("amount",))
    columns, rows = listed(check, {"deals": DEALS, "users": USERS})
    assert columns == (
        ListColumn("record_id", Kind.KEY, False),
        ListColumn("name", Kind.TEXT, False),
        ListColumn("owner_id", Kind.KEY, True),
        ListColumn("owner_name", Kind.TEXT, True, "owner_id"),
        ListColumn("days_past_close", Kind.INTEGER, False),
    )
    assert rows == [
        ("d3", "Ape", None, None, None),
        ("d1", "Zebra", "u2", None, 28),
        ("d2", "Zebra", "u1", "Ann Lee", 29),
    ]


def test_a_deal_is_listed_once_with_the_name_of_its_account_however_often_the_export_repeats_it():
    check = spec("amount < 0", columns=("account_id", "stage"), sort=("amount",))
    deals = [{"id": f"d{n}", "account_id": f"a{n}", "amount": -n} for n in (1, 2)]
    accounts = [{"id": "a1", "name": "Atelier Morel"}] * 2
    columns, rows = listed(check, {"deals": deals, "accounts": accounts})
    assert columns[2] == ListColumn("account_name", Kind.TEXT, False, "account_id")
    assert columns[2].may_name
    assert rows == [("d2", "a2", None, None), ("d1", "a1", "Atelier Morel", None)]


def test_records_of_other_tables_are_called_by_their_own_names_but_for_people():
    accounts = [
        {"id": f"a{n}", "name": f"Site {n}", "industry": "Construction"} for n in range(120)
    ]
    accounts[7]["industry"] = "Constuction"
    contacts = [{"id": f"c{n}", "name": "Ann Lee", "lead_source": "Exhibition"} for n in range(120)]
    contacts[3]["lead_source"] = "Exhbition"
    context = context_of({"deals": DEALS, "accounts": accounts, "contacts": contacts})
    check = CATALOGUE["value-variant"]
    query = list_query(context, check, measure(context, check))
    names = context.snapshot.rows(f"select table_name, name from ({query.sql}) order by 1")
    assert names == [("accounts", "Site 7"), ("contacts", None)]


def test_a_leading_minus_sorts_downwards_and_ties_end_in_the_record() -> None:
    check = spec("amount < 0", columns=("amount",), sort=("-amount", "name"))
    _, rows = listed(check, {"deals": DEALS})
    assert [row[0] for row in rows] == ["d1", "d2", "d3"]


def test_a_sort_needs_no_column_of_its_own() -> None:
    check = spec("amount < 0", columns=("name",), sort=("-days_past_close",))
    _, rows = listed(check, {"deals": DEALS})
    assert [row[0] for row in rows] == ["d2", "d1", "d3"]


def test_a_column_that_was_not_exported_stays_empty() -> None:
    check = spec("amount < 0", columns=("next_step", "idle_days"))
    columns, rows = listed(check, {"deals": [{"amount": -1}]})
    assert [column.name for column in columns] == ["record_id", "next_step", "idle_days"]
    assert rows == [("d1", None, None)]


def test_names_and_addresses_of_people_are_marked() -> None:
    check = spec("title is null", table="contacts", columns=("name", "email", "title"))
    columns, _ = listed(check, {"contacts": [{"name": "Ann", "email": "a@b.fr", "title": None}]})
    assert [column.person for column in columns] == [False, True, True, False]


def test_a_list_can_be_cut_short() -> None:
    context = context_of({"deals": DEALS})
    check = spec("amount < 0", sort=("name",))
    query = list_query(context, check, measure(context, check))
    assert context.snapshot.rows(f"{query.sql} limit 1") == [("d3", "Ape")]


def test_a_list_shows_stamps_as_the_organisations_clock_did() -> None:
    context = context_of({"deals": [{"created_at": "2026-06-29 22:30", "amount": -1}]})
    context.snapshot.engine.use_time_zone("Europe/Paris")
    check = spec("amount < 0", columns=("created_at",))
    query = list_query(context, check, measure(context, check))
    ((_, stamp),) = context.snapshot.rows(query.sql)
    assert stamp.isoformat(" ") == "2026-06-30 00:30:00"


class TestFindings:
    def checks(self) -> list[CheckSpec]:
        return [
            spec("amount < 0", id="negative"),
            spec("close_date is null", id="undated", collects="close_date"),
            spec("required_defect", id="gaps", population="owner_id is null"),
            spec("name is null", id="nameless"),
        ]

    def written(self, context: Context, path: Path) -> int:
        return write_findings(context, self.checks(), measured(context, *self.checks()), path)

    def test_one_row_a_finding_in_the_order_of_the_catalogue(self, tmp_path: Path) -> None:
        context = context_of({"deals": DEALS})
        context.snapshot.lock(tmp_path)
        path = tmp_path / "findings.parquet"
        assert self.written(context, path) == 6
        frame = context.snapshot.sql(f"select * from '{path}'")
        assert list(frame.columns) == [
            "check_id",
            "table",
            "record_id",
            "owner_id",
            "field",
            "amount",
        ]
        rows = context.snapshot.rows(f"select * exclude (\"table\", amount) from '{path}'")
        assert rows == [
            ("negative", "d2", "u1", None),
            ("negative", "d1", "u2", None),
            ("negative", "d3", None, None),
            ("undated", "d3", None, "close_date"),
            ("undated", "d4", "u1", "close_date"),
            ("gaps", "d3", None, "owner_id"),
        ]

    def test_the_same_records_give_the_same_bytes_on_any_number_of_threads(
        self, tmp_path: Path
    ) -> None:
        files = []
        for threads in (1, 4):
            context = Context(snapshot_from_rows({"deals": DEALS * 50}), Profile(), AS_OF)
            context.snapshot.run(f"set threads = {threads}")
            path = tmp_path / f"{threads}.parquet"
            self.written(context, path)
            files.append(path.read_bytes())
        assert files[0] == files[1]

    def test_no_finding_is_an_empty_file(self, tmp_path: Path) -> None:
        context = context_of({"deals": []})
        path = tmp_path / "findings.parquet"
        assert self.written(context, path) == 0
        assert context.snapshot.rows(f"select * from '{path}'") == []
