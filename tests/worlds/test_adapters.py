"""However a world is brought, the program sees the same world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli import main
from tests.world_snapshots import snapshot_of
from tests.worlds.adapters.hubspot import write_hubspot
from tests.worlds.adapters.masks import level, without
from tests.worlds.adapters.one_file import write_one_file
from tests.worlds.adapters.salesforce import write_salesforce
from tests.worlds.plan import Planted, healthy
from tests.worlds.world import World, make_world

PLAN = healthy(seed=11, reps=8, deals=700).planting(
    Planted("zombie-deal", 0.3),
    Planted("lost-deal-without-reason", 0.4),
    Planted("contact-without-email-or-phone", 0.3),
)


@pytest.fixture(scope="module")
def world() -> World:
    """A world with three planted habits."""
    return make_world(PLAN)


def audited(folder: Path) -> dict[str, object]:
    """Audit an export with the command line, and return the result."""
    out = folder.parent / f"{folder.name}-out"
    assert main(["audit", str(folder), "--out", str(out), "--csv-style", "us"]) == 0
    return json.loads((out / "result.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def salesforce(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The audit of the world as Salesforce brings it."""
    folder = tmp_path_factory.mktemp("worlds") / "salesforce"
    write_salesforce(world, folder)
    return audited(folder)


def test_salesforce_files_are_all_recognised(salesforce: dict[str, object]) -> None:
    files = salesforce["run"]["provenance"]["files"]
    assert {file["name"]: file["table"] for file in files if not file["table"]} == {}
    rows = {name: table["rows"] for name, table in salesforce["run"]["tables"].items()}
    expected = {"users", "teams", "accounts", "contacts", "leads", "deals", "stages", "activities"}
    assert expected | {"field_history", "attachments", "logins", "analytics"} == set(rows)


def test_salesforce_rows_are_those_of_the_world(
    world: World, salesforce: dict[str, object]
) -> None:
    for table, frame in world.frames.items():
        assert salesforce["run"]["tables"][table]["rows"] == len(frame), table


def test_the_planted_defects_are_counted_in_salesforce_files(
    world: World, salesforce: dict[str, object]
) -> None:
    found = {check["check_id"]: check["k_defect"] for check in salesforce["checks"]}
    for check_id in ("lost-deal-without-reason", "contact-without-email-or-phone"):
        assert found[check_id] == len(world.labelled(check_id))


def test_hubspot_files_show_the_same_deals(
    world: World, salesforce: dict[str, object], tmp_path: Path
) -> None:
    write_hubspot(world, tmp_path / "hubspot")
    seen = audited(tmp_path / "hubspot")
    counted = {check["check_id"]: check["k_defect"] for check in salesforce["checks"]}
    for check in seen["checks"]:
        if check["check_id"] in ("open-deal-past-close-date", "lost-deal-without-reason"):
            assert check["k_defect"] == counted[check["check_id"]]
    history = seen["run"]["tables"]["field_history"]["rows"]
    assert history >= len(world.frames["field_history"])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_file_is_read_as_deals(language: str, tmp_path: Path) -> None:
    world = make_world(healthy(seed=12, reps=5, deals=300, language=language))
    write_one_file(world, tmp_path / "list")
    seen = audited(tmp_path / "list")
    deals = world.frames["deals"]
    assert seen["run"]["tables"]["deals"]["rows"] == (~deals["deleted"]).sum()
    (file,) = seen["run"]["provenance"]["files"]
    assert (file["table"], file["language"]) == ("deals", language)


def test_the_moves_of_a_deal_keep_their_order_whoever_types_them() -> None:
    plan = healthy(seed=8_005, reps=12, deals=600).planting(
        Planted("proxy-typing", reps=1.0), Planted("stages-typed-at-closing", 0.9)
    )
    snapshot = snapshot_of(make_world(plan))
    torn = snapshot.rows(
        "select record_id from (select record_id, old_value, lag(new_value) over"
        " (partition by record_id order by changed_at, row_no) as before from field_history"
        " where field = 'stage') where before <> old_value"
    )
    assert torn == []
    assert len(set(snapshot.rows("select user_id from field_history"))) > 12
    snapshot.close()


def test_what_is_masked_is_not_written(world: World, tmp_path: Path) -> None:
    write_salesforce(world, tmp_path / "few", without("logins", "deals.amount"))
    header = (tmp_path / "few" / "Opportunity.csv").read_text("utf-8").splitlines()[0]
    assert "Amount" not in header
    assert "CloseDate" in header
    assert not (tmp_path / "few" / "LoginHistory.csv").exists()


def test_a_list_of_deals_is_the_lowest_level(world: World, tmp_path: Path) -> None:
    write_salesforce(world, tmp_path / "list", level(0))
    assert [path.name for path in (tmp_path / "list").iterdir()] == ["Opportunity.csv"]
    write_salesforce(world, tmp_path / "history", level(2))
    names = {path.name for path in (tmp_path / "history").iterdir()}
    assert "OpportunityFieldHistory.csv" in names
    assert "Task.csv" not in names
