"""Whatever is given: one clear sentence that says what, where and the next step."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.csv_export.files.refusals import refusal
from connectors.errors import InputError
from connectors.intake.raw_table import UnusedFile
from tests.connectors.intake import read, read_bytes

ROOT = Path(__file__).parents[2]


def test_a_missing_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"exports: there is no such file or folder\. Check"):
        read(tmp_path / "exports", tmp_path / "work")


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    with pytest.raises(InputError, match=r"there is no file in exports\. Give the folder"):
        read(tmp_path / "exports", tmp_path / "work")


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF")
    (folder / "b.json").write_bytes(b"{}")
    with pytest.raises(InputError, match=r"none of the 2 files in exports .* a\.pdf, b\.json"):
        read(folder, tmp_path / "work")


def test_other_files_of_a_folder_are_listed_with_their_reason(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    (folder / "2024" / "q1" / "deep").mkdir(parents=True)
    (folder / "earlier-audit").mkdir()
    for name in ("result.json", "findings.parquet", "deals.csv"):
        (folder / "earlier-audit" / name).write_bytes(b"Id,Name\n")
    (folder / "deals.csv").write_bytes(b"Id,Name\n1,a\n")
    (folder / "2024" / "deals.csv").write_bytes(b"Id,Name\n2,b\n")
    (folder / "2024" / "q1" / "deals.csv").write_bytes(b"Id,Name\n3,c\n")
    (folder / "2024" / "q1" / "deep" / "deals.csv").write_bytes(b"Id,Name\n4,d\n")
    (folder / "image.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    (folder / "empty.csv").write_bytes(b"")
    (folder / "README.md").write_bytes(b"# hello")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "~$book.xlsx").write_bytes(b"x")
    (folder / "loop").symlink_to(folder)
    (folder / "data.csv").write_bytes(b'{"a": 1, "b": 2}')
    os.mkfifo(folder / "pipe.csv")
    intake = read(folder, tmp_path / "work")
    assert [table.name for table in intake.tables] == [
        "2024/deals.csv",
        "2024/q1/deals.csv",
        "deals.csv",
    ]
    assert intake.reasons() == {
        ".DS_Store": "hidden_file",
        "2024/q1/deep": "too_deep",
        "README.md": "other_kind",
        "data.csv": "not_a_table",
        "earlier-audit": "own_output",
        "empty.csv": "empty_file",
        "image.csv": "not_text",
        "loop": "link",
        "pipe.csv": "special_file",
        "~$book.xlsx": "hidden_file",
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\n \n", "the file is empty"),
        (bytes(range(256)) * 50, "this is not a text file, whatever its name says"),
        (b"\x7fELF\x02\x01\x01" + bytes(9_000), "this is not a text file"),
        (bytes(100_000), "this is not a text file"),
        (b"%PDF-1.7\n1 0 obj\n", "no table was found in this file"),
        (b'{"id": 1, "name": "a"}\n', "no table was found in this file"),
        (b"<?xml version='1.0'?><a><b/></a>", "no table was found in this file"),
        (b"12,13\n14,15\n", "no table was found in this file"),
    ],
)
def test_a_file_that_is_no_table_is_told(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"export\.csv: {sentence}"):
        read_bytes(content, tmp_path)


def test_an_endless_line_is_refused_early_and_in_little_memory(tmp_path: Path) -> None:
    source = tmp_path / "endless.csv"
    with source.open("wb") as file:
        for _ in range(1_024):
            file.write(b"x" * 1_048_576)
    script = (
        "import resource, sys; from pathlib import Path;"
        "from connectors.engines.duckdb import Engine;"
        "from contextlib import ExitStack;"
        "from connectors.csv_export.files.raw_tables import open_tables;"
        "from connectors.errors import InputError\n"
        "engine = Engine(); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: open_tables(Path(sys.argv[1]), engine, Path(sys.argv[2]), ExitStack())\n"
        "except InputError as error: print(error)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    run = [sys.executable, "-c", script, str(source), str(tmp_path)]
    told, grown = subprocess.check_output(run, text=True, cwd=ROOT).splitlines()
    source.unlink()
    assert told.startswith("endless.csv: no line break in the first 32 MB")
    assert int(grown) < 100_000


def test_a_special_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="pipe: this is not a regular file"):
        read(tmp_path / "pipe", tmp_path / "work")


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with pytest.raises(InputError, match=r"loop\.csv: it cannot be read \(Too many levels"):
        read(tmp_path / "loop.csv", tmp_path / "work")


def test_a_dangling_link_in_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match=r"gone\.csv: there is no such file"):
        read(tmp_path / "exports", tmp_path / "work")


@pytest.mark.skipif(not hasattr(os, "fork") or os.geteuid() != 0, reason="needs to drop rights")
@pytest.mark.parametrize("locked", ["exports", "exports/inner", "exports/deals.csv"])
def test_what_may_not_be_read_is_told(locked: str, tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path;"
        "from connectors.engines.duckdb import Engine;"
        "from contextlib import ExitStack;"
        "from connectors.csv_export.files.raw_tables import open_tables;"
        "from connectors.errors import InputError\n"
        "engine = Engine(); os.chdir(sys.argv[1]); os.seteuid(65534)\n"
        "try: open_tables(Path('exports'), engine, Path('work'), ExitStack())\n"
        "except InputError as error: print(error)"
    )
    folder = tmp_path / "exports"
    (folder / "inner").mkdir(parents=True)
    (folder / "deals.csv").write_bytes(b"Id,Name\n1,a\n")
    (folder / "inner" / "more.csv").write_bytes(b"Id,Name\n1,a\n")
    for path in (tmp_path, folder, folder / "inner"):
        path.chmod(0o755)
    (tmp_path / "work").mkdir()
    (tmp_path / "work").chmod(0o777)
    (tmp_path / locked).chmod(0o000)
    run = [sys.executable, "-c", script, str(tmp_path)]
    told = subprocess.check_output(run, text=True, cwd=ROOT)
    (tmp_path / locked).chmod(0o700)
    assert "cannot be read (Permission denied). Check its permissions" in told
    assert Path(locked).name in told


def test_a_folder_of_thousands_of_files_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    for number in range(1_001):
        (folder / f"{number}.md").touch()
    with pytest.raises(InputError, match="home: the folder holds more than 1000 files"):
        read(folder, tmp_path / "work")


@pytest.mark.parametrize(
    "name", ["{0}.csv", "{facts}.csv", "a'b\"c.csv", "'; drop table x; --.csv", "é\u202e.csv"]
)
def test_hostile_file_names_are_only_names(name: str, tmp_path: Path) -> None:
    assert read_bytes(b"Id,Name\n1,a\n", tmp_path, name).rows() == [("1", "a")]
    with pytest.raises(InputError) as told:
        read_bytes(b"", tmp_path, name)
    assert str(told.value).startswith(f"{name}: the file is empty")


def test_hostile_headers_and_cells_are_only_text(tmp_path: Path) -> None:
    cell = "'); drop table raw_0; --{{7*7}}<script>=cmd|'/c calc'!A1\u202e\x1b[31m"
    intake = read_bytes(f'"{cell}",b\n"{cell}",2\n'.encode(), tmp_path)
    assert intake.table.headers[0] == cell
    assert intake.rows() == [(cell, "2")]


def test_every_reason_has_a_sentence_with_a_next_step() -> None:
    reasons = ["hidden_file", "hidden_sheet", "link", "too_deep", "own_output", "nested_archive"]
    sentences = [str(refusal(UnusedFile("x", reason))) for reason in reasons]
    assert len(set(sentences)) == len(reasons)
    assert all(sentence.count(".") >= 2 for sentence in sentences)
