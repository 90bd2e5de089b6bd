"""A history of audits: what it says of a month, and what it keeps when something goes wrong."""

from __future__ import annotations

import csv
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor.history.opening import APPLICATION, migrations
from auditor.history.store import reading, writing
from tests.auditor.commands import ROOT, run
from tests.auditor.exports import deal, deals
from tests.auditor.months import JULY, JUNE, LATER, MAY, Months
from tests.auditor.test_bad_input import run_limited, without_override


@pytest.fixture
def months(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Months:
    return Months(tmp_path, capsys)


LATE = {"CloseDate": "2026-05-10"}


def test_the_second_audit_says_what_became_of_each_finding(months: Months) -> None:
    before = deals(overdue=10)
    assert months.audit(JUNE, before).code == 0
    assert months.result(JUNE)["comparison"]["reason"] == "first_audit"
    after = deals(overdue=10)[2:]  # two deleted
    after[0] = deal(2)  # mended
    after[1] = deal(3, StageName="Closed Lost", IsClosed="true", **LATE)  # no longer open
    after += [deal(100 + n, **LATE) for n in range(3)]
    assert months.audit(JULY, after).code == 0
    assert months.life(JULY) == {
        "before": 10, "new": 3, "persisting": 6, "resolved": 1, "vanished": 3, "now": 9,
    }  # fmt: skip
    page = (months.folder / f"report-{JULY}" / "report.en.html").read_text("utf-8")
    assert "Since 30 June 2026" in page


def test_a_finding_that_comes_back_is_reopened(months: Months) -> None:
    months.audit(MAY, [*deals(overdue=1), deal(99, CloseDate="2026-05-20")])
    months.audit(JUNE, [*deals(overdue=1), deal(99, CloseDate="2026-07-20")])
    assert months.life(JUNE)["resolved"] == 1
    months.audit(JULY, [*deals(overdue=1), deal(99, CloseDate="2026-06-20")])
    assert months.life(JULY)["reopened"] == 1
    assert "new" not in months.life(JULY)


def test_what_is_out_of_sight_is_unknown_and_then_seen_again(months: Months) -> None:
    blind = [{k: v for k, v in row.items() if k != "CloseDate"} for row in deals(overdue=10)]
    months.audit(MAY, [row | {"CloseDate": "2026-05-01"} for row in deals(10)] + deals()[10:])
    finished = months.audit(JUNE, blind)
    assert finished.code == 4
    assert "The last audit could read this, and this one cannot: “Close date”" in finished.out
    assert months.life(JUNE) == {"before": 10, "unknown": 10}
    assert months.result(JUNE)["signals"][0]["index"] is None
    months.audit(JULY, [row | {"CloseDate": "2026-05-01"} for row in deals(7)] + deals()[7:])
    assert months.life(JULY) == {"seen_again": 7, "now": 7, "oldest_months": 1}


def test_the_same_day_again_takes_the_place_of_its_audit(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, deals(overdue=10))
    months.audit(JULY, deals(overdue=4))
    once = exported(months, tmp_path / "once")
    months.audit(JULY, deals(overdue=20))
    months.audit(JULY, deals(overdue=4))
    assert exported(months, tmp_path / "twice") == once


def exported(months: Months, folder: Path) -> dict[str, bytes]:
    run(months.capsys, "history", "export", "--history", months.history, "--out", folder)
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert files
    return files


def test_a_history_names_no_record_and_nobody(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, [deal(n, Name="Ferme des Tilleuls", **LATE) for n in range(40)])
    kept = b"".join(exported(months, tmp_path / "kept").values())
    assert b"open-deal-past-close-date" in kept
    for text in (b"Tilleuls", b"006A00000000", b"005A00000000"):
        assert text not in kept
    shown = run(months.capsys, "history", "show", JUNE, "--history", months.history).out
    assert "Tilleuls" not in shown


def test_an_earlier_day_is_not_kept_and_not_trusted(months: Months, tmp_path: Path) -> None:
    """A clock that was set back, or an old export: the history stays as it is."""
    months.audit(JULY, deals(overdue=10))
    before = exported(months, tmp_path / "before")
    finished = months.audit(JUNE, deals(overdue=3))
    assert finished.code == 4
    assert "the last one that was kept shows 18 July 2026" in finished.out
    assert exported(months, tmp_path / "after") == before


def test_far_fewer_records_are_a_broken_audit_and_spoil_no_history(months: Months) -> None:
    full = [deal(n, **(LATE if n < 30 else {})) for n in range(100)]
    months.audit(MAY, full)
    finished = months.audit(JUNE, full[40:])
    assert finished.code == 4
    assert "40% of the records of the last audit are missing: deals" in finished.out
    assert months.result(JUNE)["comparison"]["reason"] == "not_trusted"
    assert months.audit(JULY, full).code == 0
    assert months.life(JULY)["persisting"] == 30
    assert months.result(JULY)["comparison"]["previous_as_of"] == MAY


def test_a_clean_up_is_accepted_as_a_new_beginning(months: Months) -> None:
    full = [deal(n, **(LATE if n < 30 else {})) for n in range(100)]
    months.audit(JUNE, full)
    finished = months.audit(JULY, full[40:], "--rebaseline")
    assert finished.code == 0
    comparison = months.result(JULY)["comparison"]
    assert "rebaselined" in [one["code"] for one in comparison["breaks"]]
    assert all(one["move"] is None for one in comparison["checks"])


def test_a_changed_threshold_breaks_the_trend_and_is_explained(months: Months) -> None:
    rows = [deal(n, CloseDate="2026-06-20" if n < 20 else "2026-08-20") for n in range(40)]
    months.audit(JUNE, rows, settings=grace(3))
    months.audit(JULY, rows, settings=grace(90))
    comparison = months.result(JULY)["comparison"]
    (broken,) = [one for one in comparison["breaks"] if one["code"] == "definition"]
    assert broken["checks"] == ["open-deal-past-close-date"]
    assert (broken["facts"]["before"], broken["facts"]["now"]) == ("3", "90")
    (change,) = [c for c in comparison["checks"] if c["check_id"] == "open-deal-past-close-date"]
    assert change["life"]["resolved"] == 20
    assert (change["comparable"], change["move"]) == (False, None)
    before, now = (months.result(day)["signals"][0]["index"] for day in (JUNE, JULY))
    signal = comparison["signals"][0]
    assert now > before
    assert signal["like"] == signal["like_before"]
    page = (months.folder / f"report-{JULY}" / "report.en.html").read_text("utf-8")
    assert "grace_days was 3 and is 90" in page


def grace(days: int) -> str:
    return (
        f"profile: {{checks: {{open-deal-past-close-date: {{params: {{grace_days: {days}}}}}}}}}\n"
    )


def test_a_mass_of_new_findings_is_a_move_and_a_few_are_none(months: Months) -> None:
    months.audit(JUNE, [deal(n) for n in range(100)])
    months.audit(JULY, [deal(n, **(LATE if n < 2 else {})) for n in range(100)])
    assert moves(months, JULY) == {}
    months.audit(LATER, [deal(n, **(LATE if n < 60 else {})) for n in range(100)])
    assert moves(months, LATER) == {"open-deal-past-close-date": "worse"}


def moves(months: Months, day: str) -> dict[str, str]:
    checks = months.result(day)["comparison"]["checks"]
    return {one["check_id"]: one["move"] for one in checks if one["move"]}


def test_audits_are_listed_shown_and_forgotten(months: Months) -> None:
    rows = [deal(n, **(LATE if n < 10 else {})) for n in range(40)]
    for day in (MAY, JUNE, JULY):
        months.audit(day, rows)
    assert [line.split()[0] for line in months.listed().splitlines()] == [MAY, JUNE, JULY]
    pruned = run(months.capsys, "history", "prune", "--keep-months", 1, "--history", months.history)
    assert pruned.out == "Audits forgotten: 1.\n"
    assert [line.split()[0] for line in months.listed().splitlines()] == [JUNE, JULY]
    months.audit(LATER, rows)
    assert months.life(LATER)["persisting"] == 10
    assert months.life(LATER)["oldest_months"] == 1
    unknown = run(months.capsys, "history", "show", MAY, "--history", months.history)
    assert unknown.code == 2
    assert "the history holds no such audit" in unknown.err


def test_old_audits_are_forgotten_where_the_settings_say_so(months: Months) -> None:
    settings = "history: {file: elsewhere.sqlite, keep_months: 1}\n"
    for day in (MAY, JUNE, LATER):
        months.audit(day, settings=settings)
    assert [line.split()[0] for line in months.listed().splitlines()] == [JUNE, LATER]


def test_a_folder_that_may_not_be_written_is_said_before_the_audit(months: Months) -> None:
    export = months.folder / "export"
    months.audit(JUNE, deals())
    closed = months.folder / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    code, err = run_limited(
        "audit", months.folder / f"export-{JUNE}", "--as-of", JUNE, "--out", export,
        "--history", closed / "history.sqlite", limit=without_override,
    )  # fmt: skip
    assert code == 2
    assert "history.sqlite: it cannot be written: permission is missing." in err
    assert err.count("\n") == 1
    assert not export.exists()


def test_a_full_disk_keeps_the_last_good_state(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, deals(overdue=10))
    before = exported(months, tmp_path / "before")
    size = months.history.stat().st_size
    script = tmp_path / "fill.py"
    script.write_text(FILL, encoding="utf-8")

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, size + 20_000))

    done = subprocess.run(
        [sys.executable, script, months.history, "1"], cwd=ROOT, preexec_fn=small_files,
        env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Free some room, or choose another place with --history." in done.stdout
    assert exported(months, tmp_path / "after") == before


def test_two_audits_at_once_do_not_mix(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, deals(overdue=10))
    before = exported(months, tmp_path / "before")
    with writing(months.history):
        finished = months.audit(JULY, deals(overdue=4))
        assert months.listed().splitlines()[0].startswith(JUNE)  # readers need not wait
    assert finished.code == 2
    assert "another audit is writing this history" in finished.err
    assert not (months.folder / f"report-{JULY}").exists()
    assert exported(months, tmp_path / "after") == before


def test_a_history_of_a_newer_version_is_left_alone(months: Months) -> None:
    months.audit(JUNE, deals())
    with closing(sqlite3.connect(months.history)) as connection:
        connection.execute("pragma user_version = 99")
    before = months.history.read_bytes()
    for words in (["audit"], ["list"]):
        finished = (
            months.audit(JULY, deals())
            if words == ["audit"]
            else run(months.capsys, "history", *words, "--history", months.history)
        )
        assert finished.code == 2
        assert "a newer version of auditor keeps this history (form 99" in finished.err
    assert months.history.read_bytes() == before


@pytest.mark.parametrize("kind", ["text", "cut", "scrambled", "other"])
def test_a_file_that_is_no_sound_history_is_left_alone(kind: str, months: Months) -> None:
    months.audit(JUNE, deals(overdue=10))
    whole = months.history.read_bytes()
    middle = len(whole) // 2
    if kind == "other":
        months.history.unlink()
        with closing(sqlite3.connect(months.history)) as connection:
            connection.execute("create table letters (text)")
    else:
        spoiled = {
            "text": b"Dear diary, today nothing happened.\n" * 40,
            "cut": whole[:middle],
            "scrambled": whole[: 4096 * 2] + b"\xff" * (len(whole) - 4096 * 2),
        }
        months.history.write_bytes(spoiled[kind])
    before = months.history.read_bytes()
    finished = months.audit(JULY, deals(overdue=4))
    assert finished.code == 2
    assert ("damaged" if kind in ("cut", "scrambled") else "not a history") in finished.err
    assert finished.err.count("\n") == 1
    assert months.history.read_bytes() == before
    assert not (months.folder / f"report-{JULY}").exists()


@pytest.mark.parametrize("version", range(1, len(migrations()) + 1))
def test_a_history_of_each_earlier_version_is_led_forward(version: int, tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        for statements in migrations()[:version]:
            connection.executescript(statements)
        connection.execute("insert into series (name) values ('kept')")
        connection.execute(f"pragma user_version = {version}")
        connection.execute(f"pragma application_id = {APPLICATION}")
        connection.commit()
    with writing(file):
        pass
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("pragma user_version").fetchone() == (len(migrations()),)
        assert connection.execute("select name from series").fetchall() == [("kept",)]


#: Keeps one audit after the other, of many findings each, until it is stopped.
FILL = """
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
import pandas as pd
from auditor.history.store import reading, writing
from checks.change.life import Turn
from checks.change.records import Kind
from connectors.errors import AuditorError

file, rounds = Path(sys.argv[1]), int(sys.argv[2])
with reading(file) as store:
    series = store.audits()[0].series
    first = store.result(store.last(series))
    last = store.last(series).as_of
try:
    for number in range(rounds):
        day = last + timedelta(days=1 + number)
        with writing(file) as store:
            kinds = store.numbered(series, [Kind("a", 1, "deals", "")])
            kind = int(kinds.loc[kinds["check_id"] == "a", "kind"].iat[0])
            keys = range(number * 5000, number * 5000 + 5000)
            moved = pd.DataFrame({"kind": kind, "record_key": keys, "turn": Turn.NEW.value,
                                  "since": day.toordinal()})
            result = first.model_copy(update={"run": first.run.model_copy(update={"as_of": day})})
            store.keep(series, result, moved, trusted=True, at=datetime.now(UTC))
        print(day, flush=True)
except AuditorError as error:
    print(error)
"""


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(n, marks=pytest.mark.long) for n in range(4, 300))]
)
def test_a_process_that_is_killed_leaves_whole_audits(
    seed: int, months: Months, tmp_path: Path
) -> None:
    months.audit(JUNE, deals(overdue=10))
    script = tmp_path / "fill.py"
    script.write_text(FILL, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, script, months.history, "400"], cwd=ROOT, stdout=subprocess.PIPE,
        text=True, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout
    told = [process.stdout.readline().strip()]
    time.sleep(random.Random(seed).uniform(0.0, 0.4))
    process.kill()
    told += [line.strip() for line in process.stdout.read().splitlines()]
    process.wait()
    with reading(months.history) as store:
        kept = [str(audit.as_of) for audit in store.audits()]
        spells = sum(1 for _ in store.spells("default"))
    days = len(kept) - 1
    assert told == kept[1 : 1 + len(told)]  # what was said to be kept is kept
    assert days - len(told) in (0, 1)  # and at most one audit more, whole
    assert spells == 10 + 5000 * days


def test_an_export_of_the_history_reads_as_csv(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, deals(overdue=2))
    months.audit(JULY, deals(overdue=1))
    exported(months, tmp_path / "kept")
    with (tmp_path / "kept" / "default-findings.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    ends = {(row["check_id"], row["valid_from"], row["valid_to"], row["ending"]) for row in rows}
    assert ends == {
        ("open-deal-past-close-date", JUNE, "", ""),
        ("open-deal-past-close-date", JUNE, JULY, "resolved"),
    }


ACCEPTED = """
accepted:
  - check: open-deal-past-close-date
    records: [006A00000000000AAA, 006A00000000001AAA, 006A00000000039AAA]
    reason: Tender, no date before the council votes
    owner: Head of sales
    until: 2026-07-18
"""


def test_an_accepted_exception_is_shown_counted_and_ends(months: Months) -> None:
    rows = [deal(n, **(LATE if n < 10 else {})) for n in range(40)]
    months.audit(JUNE, rows)
    months.audit(JULY, rows, settings=ACCEPTED)
    assert months.life(JULY)["accepted"] == 2
    assert months.life(JULY)["now"] == 10
    page = (months.folder / f"report-{JULY}" / "report.en.html").read_text("utf-8")
    assert "2 findings are accepted until 18 July 2026 (Tender, no date before" in page
    months.audit(LATER, rows, settings=ACCEPTED)
    assert "accepted" not in months.life(LATER)
    page = (months.folder / f"report-{LATER}" / "report.en.html").read_text("utf-8")
    assert "the acceptance of 2 findings ended on 18 July 2026" in page


def test_an_exception_to_an_unknown_check_is_said(months: Months) -> None:
    finished = months.audit(JUNE, settings=ACCEPTED.replace("past-close-date", "past-clos-date"))
    assert finished.code == 2
    assert 'auditor.yaml:3: unknown check "open-deal-past-clos-date"' in finished.err


def signs(months: Months, day: str) -> dict[str, dict[str, object]]:
    return {one["code"]: one["facts"] for one in months.result(day)["comparison"]["signs"]}


def test_thirty_findings_resolved_in_ten_minutes_call_for_a_second_look(months: Months) -> None:
    months.audit(JUNE, [deal(n, **(LATE if n < 40 else {})) for n in range(100)])
    quick = [
        deal(
            n,
            LastModifiedDate=f"2026-07-10T09:{n % 8:02d}:00.000Z"
            if n < 30
            else f"2026-07-{n % 9 + 1:02d}T10:00:00.000Z",
        )
        for n in range(100)
    ]
    months.audit(JULY, quick)
    found = signs(months, JULY)
    assert found["mass_resolution"] == {"check": "open-deal-past-close-date", "count": 30}
    page = (months.folder / f"report-{JULY}" / "report.en.html").read_text("utf-8")
    assert "30 findings were resolved within ten minutes" in page


def test_findings_resolved_over_a_month_are_no_sign(months: Months) -> None:
    months.audit(JUNE, [deal(n, **(LATE if n < 40 else {})) for n in range(100)])
    months.audit(
        JULY,
        [
            deal(n, LastModifiedDate=f"2026-07-{n % 15 + 1:02d}T{n % 9 + 8:02d}:30:00.000Z")
            for n in range(100)
        ],
    )
    assert months.life(JULY)["resolved"] == 40
    assert signs(months, JULY) == {}


def test_one_value_for_every_empty_field_calls_for_a_second_look(months: Months) -> None:
    empty = [deal(n, **({"AccountId": ""} if n < 40 else {})) for n in range(100)]
    months.audit(JUNE, empty)
    month = [f"2026-07-{n % 15 + 1:02d}T{n % 9 + 8:02d}:30:00.000Z" for n in range(100)]
    alike = {"AccountId": "001A00000000006AAA"}
    months.audit(
        JULY, [deal(n, LastModifiedDate=month[n], **(alike if n < 40 else {})) for n in range(100)]
    )
    facts = signs(months, JULY)["filled_alike"]
    assert (facts["check"], facts["count"], facts["of"]) == ("deal-without-account", 40, 40)


def test_lost_without_a_reason_calls_for_a_second_look(months: Months) -> None:
    reasons = {"Loss_Reason__c": "Price"}
    rows = [deal(n, **{"Loss_Reason__c": ""}, **(LATE if n < 30 else {})) for n in range(100)]
    closed = [deal(200 + n, StageName="Closed Lost", IsClosed="true", **reasons) for n in range(30)]
    settings = "tables: {deals: {columns: {lost_reason: Loss_Reason__c}}}\n"
    months.audit(JUNE, [*rows, *closed], settings=settings)
    for row in rows[:15]:
        row |= {"StageName": "Closed Lost", "IsClosed": "true"}
    months.audit(JULY, [*rows, *closed], settings=settings)
    assert signs(months, JULY)["closed_without_reason"] == {"count": 15}


def test_dates_pushed_by_exactly_a_month_call_for_a_second_look(months: Months) -> None:
    def due(n: int, days: int) -> str:
        return (date(2026, 8, 1) + timedelta(days=n % 28 + days)).isoformat()

    months.audit(JUNE, [deal(n, CloseDate=due(n, 0)) for n in range(100)])
    pushed = [deal(n, CloseDate=due(n, 30 if n < 40 else 0)) for n in range(100)]
    pushed[99] = deal(99, CloseDate=due(99, 17))
    earlier = months.folder / f"export-{JUNE}"
    months.audit(JULY, pushed, "--earlier", f"{earlier}@{JUNE}")
    assert signs(months, JULY)["pushed_alike"] == {"count": 40, "of": 41}


def noted(months: Months, day: str) -> dict[str, object]:
    notes = {one["code"]: one["facts"] for one in months.result(day)["run"]["warnings"]}
    return notes.get("runs_compared", {})


def test_what_a_job_sees_change_becomes_a_history(months: Months) -> None:
    months.audit(MAY, [deal(n) for n in range(60)])
    assert noted(months, MAY) == {}
    page = (months.folder / f"report-{MAY}" / "report.en.html").read_text("utf-8")
    assert "How often close dates are pushed, in 3 months" in page
    pushed = [deal(n, CloseDate="2026-08-19" if n < 20 else "2026-07-20") for n in range(60)]
    months.audit(JUNE, pushed)
    assert noted(months, JUNE) == {"runs": 2, "since": MAY, "changes": 20}
    assert signs(months, JUNE)["pushed_alike"] == {"count": 20, "of": 20}
    moved = [row | {"StageName": "Negotiation"} if n < 5 else row for n, row in enumerate(pushed)]
    months.audit(JULY, moved)
    assert noted(months, JULY) == {"runs": 3, "since": MAY, "changes": 25}
    assert signs(months, JULY) == {}
    page = (months.folder / f"report-{JULY}" / "report.en.html").read_text("utf-8")
    assert "How often close dates are pushed, in 2 months" in page


def test_a_column_that_is_hidden_for_a_month_is_no_change(months: Months) -> None:
    rows = [deal(n) for n in range(60)]
    months.audit(MAY, rows)
    months.audit(JUNE, [{k: v for k, v in row.items() if k != "Amount"} for row in rows])
    months.audit(JULY, rows)
    assert noted(months, JULY)["changes"] == 0


def test_a_renamed_stage_moves_no_deal(months: Months) -> None:
    months.audit(MAY, [deal(n) for n in range(60)])
    months.audit(JUNE, [deal(n, StageName="Offre") for n in range(60)])
    assert noted(months, JUNE)["changes"] == 0
    notes = {one["code"]: one["facts"] for one in months.result(JUNE)["run"]["warnings"]}
    assert notes["stage_renamed"] == {"was": "Proposal", "stage": "Offre"}
    months.audit(JULY, [deal(n, StageName="Offre" if n else "Negotiation") for n in range(60)])
    assert noted(months, JULY)["changes"] == 1


def test_deals_that_move_on_are_no_renamed_stage(months: Months) -> None:
    stages = ["Proposal", "Negotiation"]
    months.audit(MAY, [deal(n, StageName=stages[n % 2]) for n in range(60)])
    months.audit(JUNE, [deal(n, StageName="Negotiation") for n in range(60)])
    assert noted(months, JUNE)["changes"] == 30
