"""Rows in = rows loaded + rows rejected, and every physical line is accounted for."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connectors.intake import Intake, read_bytes

CELLS = st.text(
    st.sampled_from(["a", "é", "1", '"', ",", ";", "\t", "|", "\n", " ", "'", "\u202f", "x"]),
    max_size=8,
).map(lambda text: text.lstrip(" "))
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=30)
)
BROKEN_LINES = st.sampled_from(
    ["", "alone", '9,"never closed', '9,"a"b,c', "1,2,3,4,5,6,7,8,9", '"x","y\n', "   "]
)


def _accounts_for_every_line(intake: Intake, content: str) -> None:
    table = intake.table
    lines = content.count("\n") + (not content.endswith("\n"))
    rows = intake.rows()
    in_cells = sum((cell or "").count("\n") for row in rows for cell in row)
    assert len(rows) == table.rows_loaded
    assert table.rows_in == table.rows_loaded + table.rows_rejected
    rejected_extra = sum(rejected.text.count("\n") for rejected in table.rejected)
    below_header = lines - (table.body_line - table.header_line)
    assert table.rows_in == below_header - in_cells - rejected_extra - table.lines_set_aside


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=TABLES,
    separator=st.sampled_from([",", ";", "\t", "|"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_the_engine_reads_what_a_csv_writer_wrote(
    rows: list[list[str]], separator: str, line_end: str, encoding: str, quoting: int
) -> None:
    width = len(rows[0]) if rows else 2
    header = [f"Label {place}" for place in range(width)]
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=separator, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([header, *rows])
    if encoding == "windows-1252":
        target = io.StringIO(target.getvalue().replace("\u202f", "\xa0"), newline="")
    text = target.getvalue()
    read_back = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[1:]
    expected = [
        tuple(cell or None for cell in row)
        for row in read_back
        if any(cell.strip() for cell in row)
    ]
    with tempfile.TemporaryDirectory() as folder:
        intake = read_bytes(text.encode(encoding), Path(folder))
        assert intake.table.headers == tuple(header)
        assert intake.rows() == expected
        assert intake.table.rows_rejected == 0
        lines = 2
        starts = []
        for row in read_back:
            if any(cell.strip() for cell in row):
                starts.append(lines)
            lines += 1 + sum(cell.count("\n") for cell in row)
        assert intake.lines() == starts


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    good=st.lists(
        st.sampled_from(["1,a,x", '2,"b,c",y', '3,"m\nn",z', '4,"say ""hi""",w']), max_size=20
    ),
    broken=st.lists(st.tuples(st.integers(0, 20), BROKEN_LINES), max_size=3),
)
def test_no_line_of_a_broken_file_is_lost(good: list[str], broken: list[tuple[int, str]]) -> None:
    lines = list(good)
    for place, line in broken:
        lines.insert(min(place, len(lines)), line)
    content = (
        "Id,Name,Note\n" + "0,good,g\n" * 10 + "".join(f"{line}\n" for line in lines) + "5,last,q\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        _accounts_for_every_line(read_bytes(content.encode(), Path(folder)), content)


def test_one_unbalanced_quote_costs_one_record(tmp_path: Path) -> None:
    lines = [f"{n},name {n},x\n" for n in range(30_000)]
    lines[15_000] = '15000,"broken,x\n'
    intake = read_bytes(("Id,Name,Note\n" + "".join(lines)).encode(), tmp_path)
    table = intake.table
    assert (table.rows_in, table.rows_loaded, table.rows_rejected) == (30_000, 29_999, 1)
    (rejected,) = table.rejected
    assert (rejected.line, rejected.reason) == (15_002, "unbalanced_quote")
    assert rejected.text == '15000,"broken,x'
    assert table.line_of(intake.engine, 29_999) == 30_001


def test_a_quote_that_swallows_a_quoted_cell_costs_one_record(tmp_path: Path) -> None:
    content = b'a,b,c\n1,"x,3\n4,5,6\n7,"y",9\n8,"m\nn",9\n'
    intake = read_bytes(content, tmp_path)
    assert intake.rows() == [("4", "5", "6"), ("7", "y", "9"), ("8", "m\nn", "9")]
    assert intake.lines() == [3, 4, 5]
    assert [rejected.line for rejected in intake.table.rejected] == [2]


def test_a_record_with_too_many_fields_is_listed(tmp_path: Path) -> None:
    intake = read_bytes(b"a,b,c\n1,2,3\n1,2,3,4\n1,2,3,,\n", tmp_path)
    assert intake.rows() == [("1", "2", "3"), ("1", "2", "3")]
    (rejected,) = intake.table.rejected
    assert (rejected.line, rejected.text, rejected.reason) == (3, "1,2,3,4", "too_many_fields")


def test_empty_cells_left_out_at_the_end_of_rows_are_no_defect(tmp_path: Path) -> None:
    full = "".join(f"{n};a;;\n" for n in range(20))
    intake = read_bytes(("Id;Name;Phone;Note\n" + full + "20;b\n").encode(), tmp_path)
    assert intake.rows()[-1] == ("20", "b", None, None)
    assert intake.table.rows_rejected == 0


def test_a_short_record_in_a_file_of_full_ones_is_broken(tmp_path: Path) -> None:
    full = "".join(f"{n};a;b;c\n" for n in range(500))
    intake = read_bytes(("Id;Name;Phone;Note\n500;cut\n" + full).encode(), tmp_path)
    assert (intake.table.rows_in, intake.table.rows_loaded) == (501, 500)
    (rejected,) = intake.table.rejected
    assert (rejected.line, rejected.text, rejected.reason) == (2, "500;cut", "too_few_fields")
    assert intake.lines()[0] == 3


def test_rows_of_separators_and_blank_lines_are_no_records(tmp_path: Path) -> None:
    intake = read_bytes(b"a;b;c\n1;2;3\n;;\n\n  \n4;5;6\n;;\n;;\n", tmp_path)
    assert intake.rows() == [("1", "2", "3"), ("4", "5", "6")]
    assert (intake.table.rows_in, intake.table.lines_set_aside) == (2, 5)
    assert intake.lines() == [2, 6]


def test_mixed_line_ends_are_read(tmp_path: Path) -> None:
    intake = read_bytes(b'a,b,c\r\n1,2,3\n4,5,6\r\n7,"x\ny",9\n', tmp_path)
    assert intake.rows() == [("1", "2", "3"), ("4", "5", "6"), ("7", "x\ny", "9")]
    assert intake.lines() == [2, 3, 4]


def test_lines_are_right_below_cells_with_line_breaks(tmp_path: Path) -> None:
    intake = read_bytes(b'Id,Note\r\n1,"a\nb\n\nc"\r\n2,x\r\n3,"d\r\ne"\r\n4,y\r\n', tmp_path)
    assert intake.lines() == [2, 6, 7, 9]


@pytest.mark.parametrize("size", [200_000, 3_000_000])
@pytest.mark.parametrize("letter", ["x", "x\n"])
def test_very_large_cells_are_read_whole(size: int, letter: str, tmp_path: Path) -> None:
    cell = letter * (size // len(letter))
    intake = read_bytes(f'Id,Note\n1,"{cell}"\n2,b\n'.encode(), tmp_path)
    assert intake.rows() == [("1", cell), ("2", "b")]


def test_a_line_beyond_all_measure_costs_one_record(tmp_path: Path) -> None:
    endless = b"2," + b"x" * 34_000_000
    intake = read_bytes(b"Id,Note\n1,a\n" + endless + b"\n3,c\n", tmp_path)
    assert intake.rows() == [("1", "a"), ("3", "c")]
    (rejected,) = intake.table.rejected
    assert (rejected.line, rejected.reason, len(rejected.text)) == (3, "line_too_long", 200)


def test_a_thousand_rejects_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    content = "a,b\n" + "1,2\n" * 5_000 + "1,2,3\n" * 1_500
    table = read_bytes(content.encode(), tmp_path).table
    assert (table.rows_in, table.rows_rejected, len(table.rejected)) == (6_500, 1_500, 1_000)


def test_line_breaks_inside_cells_do_not_decide_how_records_end(tmp_path: Path) -> None:
    broken = b'Id,Note\n1,"a\r\nb"\n2,"x"y\n3,"c\rd"\n'
    intake = read_bytes(broken, tmp_path)
    assert intake.rows() == [("1", "a\r\nb"), ("3", "c\rd")]
    assert [rejected.line for rejected in intake.table.rejected] == [4]
