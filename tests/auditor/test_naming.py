"""Names put back into a finished result by whoever holds the key to its pseudonyms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.auditor.commands import Finished, run
from tests.auditor.exports import AS_OF, deal, deals, write_csv

NAME = "Zélie =Quintrec"


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the folder of an audit of deals that are late."""
    users = [
        {
            "Id": f"005A00000000{n:03d}AAA",
            "Username": f"rep{n}@example.com",
            "Name": NAME if n == 1 else f"Owner {n}",
            "IsActive": "true",
        }
        for n in range(5)
    ]
    write_csv(tmp_path / "export" / "Opportunity.csv", deals(overdue=30))
    write_csv(tmp_path / "export" / "User.csv", users)
    words = ("audit", tmp_path / "export", "--out", tmp_path / "report", "--lang", "en", *AS_OF)
    assert run(capsys, *words).code == 0
    return tmp_path / "report"


def again(capsys: pytest.CaptureFixture[str], report: Path, *words: object) -> Finished:
    return run(capsys, "report", report / "result.json", "--lang", "en", *words)


def page_of(report: Path) -> str:
    return (report / "report.en.html").read_text("utf-8")


def test_the_key_beside_the_result_names_people_on_the_page(
    audited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert NAME not in page_of(audited)
    assert "salespeople under pseudonyms" in page_of(audited)
    assert again(capsys, audited, "--named").code == 0
    assert NAME in page_of(audited)
    assert not re.search(r"<td[^>]*>Rep\W\d{3}|<bdi>Rep\W\d{3}", page_of(audited))
    assert "salespeople, accounts and deals by name" in page_of(audited)


def test_a_key_kept_elsewhere_names_people_too(
    audited: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = (audited / "people.csv").rename(tmp_path / "kept.csv")
    assert again(capsys, audited, "--named", "--people", kept).code == 0
    assert NAME in page_of(audited)


def test_a_page_without_names_comes_back_without_the_option(
    audited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = page_of(audited)
    again(capsys, audited, "--named")
    again(capsys, audited)
    assert page_of(audited) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "this is no people.csv of an audit"),
        ("owner_id,name,pseudonym\nx,Somebody,rep-000000\n", "no pseudonym of the result"),
        ("owner_id,name,pseudonym\n\xff\xfe", "this is no people.csv of an audit"),
    ],
)
def test_a_file_that_is_no_key_to_these_people_is_refused(
    text: str, said: str, audited: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(text.encode("latin-1"))
    finished = again(capsys, audited, "--named", "--people", other)
    assert finished.code == 2
    assert said in finished.err
    assert str(other) in finished.err


def test_a_missing_key_and_a_lonely_option_are_refused(
    audited: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = again(capsys, audited, "--named", "--people", tmp_path / "nowhere.csv")
    assert (missing.code, "cannot be read" in missing.err) == (2, True)
    lonely = again(capsys, audited, "--people", audited / "people.csv")
    assert (lonely.code, "Add --named" in lonely.err) == (2, True)


def test_nobody_can_be_named_in_a_redacted_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(tmp_path / "export" / "Opportunity.csv", [deal(n) for n in range(30)])
    key = tmp_path / "people.csv"
    key.write_text("owner_id,name,pseudonym\n1,A,rep-001\n")
    run(capsys, "audit", tmp_path / "export", "--out", tmp_path / "report", "--redact", *AS_OF)
    finished = again(capsys, tmp_path / "report", "--named", "--people", key)
    assert finished.code == 2
    assert "made with --redact" in finished.err
