"""``auditor interview`` and ``auditor audit --answers``, on real files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.commands import Finished, run
from tests.auditor.exports import AS_OF, write_export

pytestmark = pytest.mark.usefixtures("in_english")

DIRECTOR = """
answers:
  review_on_screen: {director: weekly}
  forecast_source: {director: by_hand}
  who_trains: {director: "no"}
"""
REPS = """
answers:
  review_on_screen: {rep_1: pas_de_revue, rep_2: pas_de_revue}
  who_trains: {rep_1: non}
fields_to_delete: {rep_1: "<b>Code NAF</b>"}
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export", overdue=30)


def audited(
    capsys: pytest.CaptureFixture[str], export: Path, out: Path, *texts: str
) -> tuple[Finished, dict[str, Any]]:
    """Audit with one file of answers for each text given."""
    words: list[object] = []
    for number, text in enumerate(texts):
        file = out.parent / f"answers-{number}.yaml"
        file.write_text(text, encoding="utf-8")
        words += ["--answers", file]
    finished = run(capsys, "audit", export, "--out", out, *AS_OF, *words)
    result: dict[str, Any] = json.loads((out / "result.json").read_text("utf-8"))
    return finished, result


def test_the_interview_is_written_and_never_overwritten(
    capsys: pytest.CaptureFixture[str],
) -> None:
    finished = run(capsys, "interview")
    assert (finished.code, finished.out) == (0, "answers.yaml\n")
    assert "auditor audit EXPORT --answers answers.yaml" in finished.err
    Path("answers.yaml").write_text("mine", encoding="utf-8")

    refused = run(capsys, "interview")
    assert refused.code == 2
    assert "answers.yaml: this file exists already. Add --force" in refused.err
    assert Path("answers.yaml").read_text("utf-8") == "mine"

    assert run(capsys, "interview", "--force").code == 0
    assert "review_on_screen" in Path("answers.yaml").read_text("utf-8")


def test_one_file_for_each_person_is_written_all_or_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("answers.rep_2.yaml").write_text("mine", encoding="utf-8")
    assert run(capsys, "interview", "--each").code == 2
    assert [path.name for path in Path().iterdir()] == ["answers.rep_2.yaml"]

    finished = run(capsys, "interview", "--each", "--reps", "1", "--out", "who/answers.yaml")
    assert finished.code == 2
    assert "the folder it belongs in does not exist" in finished.err
    Path("who").mkdir()
    finished = run(capsys, "interview", "--each", "--reps", "1", "--out", "who/answers.yaml")
    assert finished.out.split() == [
        f"who/answers.{person}.yaml" for person in ("director", "manager", "rep_1")
    ]


def test_a_blank_interview_changes_nothing_and_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, export: Path
) -> None:
    _, before = audited(capsys, export, tmp_path / "before")
    run(capsys, "interview")
    blank = Path("answers.yaml").read_text("utf-8")
    finished, after = audited(capsys, export, tmp_path / "after", blank)
    assert "answers-0.yaml holds no answer yet." in finished.out
    notices = after["run"].pop("warnings"), before["run"].pop("warnings")
    assert len(notices[0]) == len(notices[1]) + 1
    assert after == before
    assert after["declared"] is None


def test_several_files_are_merged_into_the_result_and_the_page(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, export: Path
) -> None:
    _, result = audited(capsys, export, tmp_path / "report", DIRECTOR, REPS)
    declared = result["declared"]
    assert declared["respondents"] == {"director": 1, "rep": 2}
    by_id = {one["question_id"]: one for one in declared["questions"]}
    assert by_id["review_on_screen"]["disagreement"]
    assert by_id["review_on_screen"]["fills"] == ["not_used_for_decisions.ritual"]
    assert any("who_trains" in action["questions"] for action in result["actions"])
    page = (tmp_path / "report" / "report.fr.html").read_text("utf-8")
    assert "3 personnes ont répondu" in page
    assert "La direction et les commerciaux se contredisent." in page
    assert "&lt;b&gt;Code NAF&lt;/b&gt;" in page


def test_the_order_of_files_changes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, export: Path
) -> None:
    _, one = audited(capsys, export, tmp_path / "one", DIRECTOR, REPS)
    _, other = audited(capsys, export, tmp_path / "other", REPS, DIRECTOR)
    assert one == other


def test_a_wrong_answer_is_refused_before_anything_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("answers:\n  who_trains: {director: perhaps}\n", encoding="utf-8")
    finished = run(capsys, "audit", tmp_path / "nowhere", "--answers", file)
    assert finished.code == 2
    assert f'{file}:2: unknown answer "perhaps" to who_trains.' in finished.err


def test_the_summary_names_the_first_action(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, export: Path
) -> None:
    finished, result = audited(capsys, export, tmp_path / "report")
    title = result["actions"][0]["text"]["en"]["title"]
    assert f"To do first: {title} (" in finished.out


def test_what_people_say_is_not_asked_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, export: Path
) -> None:
    def asked(result: dict[str, Any]) -> set[str]:
        wanted = result["verdict"]["would_decide"]
        return {one["question"]["en"] for one in wanted if one["question"]}

    _, before = audited(capsys, export, tmp_path / "before")
    _, after = audited(capsys, export, tmp_path / "after", DIRECTOR, REPS)
    forecast = "Who works out the sales forecast, and from what?"
    assert forecast in asked(before)
    assert forecast not in asked(after)
