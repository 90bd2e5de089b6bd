"""``--earlier``: an export compared with the ones before."""

from __future__ import annotations

import json

import pytest

from auditor.extraction import EarlierExport, parse_earlier
from tests.auditor.commands import run
from tests.auditor.exports import deal, write_csv


@pytest.mark.parametrize(
    ("text", "source", "day"),
    [
        ("old", "old", "latest"),
        ("old@2026-01-31", "old", "2026-01-31"),
        ("a@b/old.zip", "a@b/old.zip", "latest"),
        ("a@b/old@2026-01-31", "a@b/old", "2026-01-31"),
    ],
)
def test_an_at_sign_that_no_day_follows_belongs_to_the_name(text, source, day):
    found = parse_earlier(text)
    assert (str(found.source), found.day) == (source, day)
    assert isinstance(found, EarlierExport)


def write(folder, stage, modified):
    rows = [deal(n, StageName=stage, LastModifiedDate=modified) for n in range(40)]
    write_csv(folder / "Opportunity.csv", rows)
    return folder


def test_two_exports_make_a_history_and_the_report_says_so(capsys, tmp_path):
    old = write(tmp_path / "may", "Qualification", "2026-05-31T09:00:00.000Z")
    new = write(tmp_path / "june", "Proposal", "2026-06-30T09:00:00.000Z")
    out = tmp_path / "out"

    done = run(capsys, "audit", new, "--earlier", old, "--out", out, "--lang", "en")

    assert done.code == 0, done.err
    result = json.loads((out / "result.json").read_text("utf-8"))
    assert result["run"]["capabilities"]["field_history"] == "derived"
    assert "may" in (out / "report.en.html").read_text("utf-8")
    (note,) = [n for n in result["run"]["warnings"] if n["code"] == "earlier_export_compared"]
    assert note["facts"] == {"file": "may", "day": "2026-05-31", "changes": 40}


def test_an_earlier_export_that_is_later_is_refused_and_nothing_is_written(capsys, tmp_path):
    new = write(tmp_path / "june", "Proposal", "2026-06-30T09:00:00.000Z")
    out = tmp_path / "out"

    done = run(capsys, "audit", new, "--earlier", f"{new}@2026-07-15", "--out", out)

    assert done.code == 2
    assert "june shows 2026-07-15, and the audit is of 2026-06-30" in done.err
    assert not out.exists()
