import codecs
import json
import os
from pathlib import Path

import pytest

from connectors.errors import InputError
from tests.connectors.intake import read, read_bytes

RECORDED = Path(__file__).parents[2] / ".." / "shared" / "data" / "recorded" / "csv"
needs_recorded = pytest.mark.skipif(
    not RECORDED.is_dir() and os.environ.get("CI") != "true",
    reason="third-party exports are not beside the project",
)

FRENCH = "Nom;Étape;Montant\r\nSociété Générale;Gagnée;12 500,50\r\nÉlan d’or;Perdue;3 €\r\n"
FRENCH_ROWS = [("Société Générale", "Gagnée", "12 500,50"), ("Élan d’or", "Perdue", "3 €")]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (FRENCH.encode("utf-8"), "utf-8"),
        (FRENCH.encode("utf-8-sig"), "utf-8-sig"),
        (FRENCH.encode("windows-1252"), "windows-1252"),
        (codecs.BOM_UTF16_LE + FRENCH.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be"), "utf-16-be"),
        (FRENCH.encode("utf-16-le"), "utf-16-le"),
        (FRENCH.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_every_encoding_gives_the_same_text(content: bytes, encoding: str, tmp_path: Path) -> None:
    intake = read_bytes(content, tmp_path)
    assert intake.table.encoding == encoding
    assert intake.table.headers == ("Nom", "Étape", "Montant")
    assert intake.rows() == FRENCH_ROWS


def test_latin_1_is_read_as_its_superset(tmp_path: Path) -> None:
    intake = read_bytes("Nom,Ville\nÉlan,Nîmes\n".encode("iso-8859-1"), tmp_path)
    assert intake.rows() == [("Élan", "Nîmes")]


def test_an_old_macintosh_file_is_read(tmp_path: Path) -> None:
    intake = read_bytes("Id,Nom\r1,étoile\r2,façade\r".encode("mac-roman"), tmp_path)
    assert intake.rows() == [("1", "étoile"), ("2", "façade")]
    assert intake.lines() == [2, 3]


def test_one_damaged_byte_does_not_change_the_other_letters(tmp_path: Path) -> None:
    content = "".join(f"{n},Société\n" for n in range(50)).encode() + b"50,caf\xe9\n"
    intake = read_bytes(b"Id,Nom\n" + content, tmp_path)
    assert intake.table.encoding == "utf-8"
    assert intake.rows()[0] == ("0", "Société")
    assert intake.rows()[50] == ("50", "café")


def test_a_letter_cut_by_the_edge_of_a_chunk_stays_whole(tmp_path: Path) -> None:
    filler = "x" * (1024 * 1024 - len("Id,Nom\n1,") - 1)
    intake = read_bytes(f"Id,Nom\n1,{filler}é\n2,b\n".encode(), tmp_path)
    assert intake.table.encoding == "utf-8"
    assert intake.rows() == [("1", filler + "é"), ("2", "b")]


def test_nul_bytes_are_removed(tmp_path: Path) -> None:
    intake = read_bytes(b"Id,Name\n1,a\0b\n2,\0\n", tmp_path)
    assert intake.rows() == [("1", "ab"), ("2", None)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_splits_every_record_alike(
    separator: str, tmp_path: Path
) -> None:
    others = "".join({",", ";", "\t", "|"} - {separator})
    lines = [
        separator.join(("Id", "Name", "Note")),
        separator.join(("1", f'"a{separator}b"', "one, two; three")).replace(separator, separator),
        separator.join(("2", "c", f'"line\n{others}\nbreak"')),
    ]
    lines[1] = separator.join(("1", f'"a{separator}b"', '"one, two; three"'))
    intake = read_bytes("\n".join(lines).encode() + b"\n", tmp_path)
    assert intake.table.separator == separator
    assert intake.rows() == [
        ("1", f"a{separator}b", "one, two; three"),
        ("2", "c", f"line\n{others}\nbreak"),
    ]


def test_decimal_commas_do_not_win_over_semicolons(tmp_path: Path) -> None:
    rows = "".join(f"Affaire {n};{n},50;Lyon, Rhône\n" for n in range(30))
    intake = read_bytes(("Nom;Montant;Ville\n" + rows).encode(), tmp_path)
    assert intake.table.separator == ";"
    assert intake.rows()[3] == ("Affaire 3", "3,50", "Lyon, Rhône")


def test_a_declared_separator_is_obeyed(tmp_path: Path) -> None:
    intake = read_bytes(b"sep=;\r\nId;Name\r\n1;a,b,c\r\n2;d,e,f\r\n", tmp_path)
    assert intake.table.headers == ("Id", "Name")
    assert (intake.table.header_line, intake.table.lines_set_aside) == (2, 1)
    assert intake.lines() == [3, 4]


def test_duplicate_and_empty_headers_keep_their_place(tmp_path: Path) -> None:
    intake = read_bytes("\ufeff Id ,,Région,Région\n1,2,3,4\n".encode(), tmp_path)
    assert intake.table.headers == ("Id", "column 2", "Région", "Région")
    assert intake.rows() == [("1", "2", "3", "4")]


def test_a_quoted_header_behind_a_byte_order_mark_is_one_label(tmp_path: Path) -> None:
    intake = read_bytes('\ufeff"Name, legal","City"\nAcme,Paris\n'.encode(), tmp_path)
    assert intake.table.headers == ("Name, legal", "City")


def test_a_column_without_a_label_is_kept(tmp_path: Path) -> None:
    intake = read_bytes(b"Id,Name\n1,a,x\n2,b,y\n", tmp_path)
    assert intake.table.headers == ("Id", "Name", "column 3")
    assert intake.rows() == [("1", "a", "x"), ("2", "b", "y")]


@pytest.mark.parametrize("content", [b"Id,Name\n", b"Id,Name", b"\xef\xbb\xbfId,Name\r\n"])
def test_a_header_alone_is_a_table_without_records(content: bytes, tmp_path: Path) -> None:
    intake = read_bytes(content, tmp_path)
    assert intake.table.headers == ("Id", "Name")
    assert (intake.table.rows_in, intake.rows()) == (0, [])


def test_error_values_of_spreadsheets_stay_text(tmp_path: Path) -> None:
    assert read_bytes(b"Id,Name\n#N/A,NULL\n", tmp_path).rows() == [("#N/A", "NULL")]


def test_titles_and_filters_above_the_table_are_no_records(tmp_path: Path) -> None:
    content = (
        '"Pipeline report"\n"As of 2025-01-02"\n\n"Filtered By"\n"Show","All opportunities"\n\n'
        '"Name","Stage","Amount","Close Date"\n"a","x","1","2024-01-01"\n'
    )
    intake = read_bytes(content.encode(), tmp_path)
    assert intake.table.headers == ("Name", "Stage", "Amount", "Close Date")
    assert (intake.table.header_line, intake.table.lines_set_aside) == (7, 6)
    assert intake.lines() == [8]


@needs_recorded
def test_the_footer_of_a_real_salesforce_report_is_no_record(tmp_path: Path) -> None:
    footers = json.loads((RECORDED / "salesforce_report_footers.json").read_text("utf-8"))["lines"]
    content = '"Name","Stage"\n"a","x"\n"b","y"\n\n\n"My report"\n'
    content += "".join(f'"{line}"\n' for line in footers)
    intake = read_bytes(content.encode("iso-8859-1"), tmp_path)
    assert intake.rows() == [("a", "x"), ("b", "y")]
    assert (intake.table.rows_in, intake.table.rows_rejected) == (2, 0)
    assert intake.table.lines_set_aside == 3 + len(footers)


@needs_recorded
@pytest.mark.parametrize("place", range(6))
def test_each_footer_line_is_known_without_a_blank_line_above(place: int, tmp_path: Path) -> None:
    footers = json.loads((RECORDED / "salesforce_report_footers.json").read_text("utf-8"))["lines"]
    intake = read_bytes(f'Name,Stage\na,x\n"{footers[place]}"\n'.encode(), tmp_path)
    assert (intake.rows(), intake.table.lines_set_aside) == ([("a", "x")], 1)


def test_a_cell_with_blank_lines_at_the_end_of_the_file_is_no_footer(tmp_path: Path) -> None:
    intake = read_bytes(b'Id,Note\n1,a\n2,"first\n\nTotal\n\nlast"\n', tmp_path)
    assert intake.rows() == [("1", "a"), ("2", "first\n\nTotal\n\nlast")]
    assert intake.table.lines_set_aside == 0


def test_subtotals_between_records_are_set_aside(tmp_path: Path) -> None:
    content = "Nom,Étape,Montant\na,x,1\nSous-total,,1\nb,y,2\nSubtotal (1 records),,2\nTotal,,3\n"
    intake = read_bytes(content.encode(), tmp_path)
    assert intake.rows() == [("a", "x", "1"), ("b", "y", "2")]
    assert (intake.table.rows_in, intake.table.lines_set_aside) == (2, 3)
    assert intake.lines() == [2, 4]


@pytest.mark.parametrize(
    "company", ["Total,Paris,0147444546", "Total,,", "Total,Paris,", "Max,,12", "Total Gaz,,"]
)
def test_a_company_called_total_is_a_record(company: str, tmp_path: Path) -> None:
    intake = read_bytes(f"Name,City,Phone\nAcme,Lyon,1\n{company}\n".encode(), tmp_path)
    assert (intake.table.rows_loaded, intake.table.lines_set_aside) == (2, 0)


@pytest.mark.parametrize("name", ["letter.txt", "letter.csv"])
def test_prose_is_no_table(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no table was found in this file"):
        read_bytes(b"Dear all,\nthis is a letter\nabout nothing.\n", tmp_path, name)


def test_a_clean_file_is_read_in_place(tmp_path: Path) -> None:
    source = tmp_path / "export.csv"
    source.write_bytes(b"Id,Name\n1,a\n")
    source.chmod(0o444)
    intake = read(source, tmp_path / "work")
    assert intake.rows() == [("1", "a")]
    assert list((tmp_path / "work").iterdir()) == []
