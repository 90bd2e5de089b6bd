import io
import stat
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from connectors.errors import InputError
from tests.connectors.intake import read, read_bytes

ACCOUNTS = b"Id,Name\n1,Acme\n"


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _link(name: str, target: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    info.comment = target.encode()
    return info


def test_the_tables_of_a_zipped_folder_are_read(tmp_path: Path) -> None:
    source = _zip(
        tmp_path / "WE_00D.zip",
        {
            "export/Contact.csv": b"Id;Nom\n1;\xc9lan\n",
            "export/Account.csv": ACCOUNTS,
            "export/notes.pdf": b"%PDF-1.4",
            "__MACOSX/export/._Account.csv": b"x",
            "export/.DS_Store": b"x",
            "inner.zip": b"PK",
        },
    )
    intake = read(source, tmp_path / "work")
    names = [(table.name, table.stem, table.relation) for table in intake.tables]
    assert names == [
        ("WE_00D.zip!export/Account.csv", "Account", "raw_0"),
        ("WE_00D.zip!export/Contact.csv", "Contact", "raw_1"),
    ]
    assert intake.rows(intake.tables[1]) == [("1", "Élan")]
    assert intake.reasons() == {
        "WE_00D.zip!__MACOSX/export/._Account.csv": "hidden_file",
        "WE_00D.zip!export/.DS_Store": "hidden_file",
        "WE_00D.zip!export/notes.pdf": "other_kind",
        "WE_00D.zip!inner.zip": "nested_archive",
    }


def test_a_workbook_inside_a_zip_is_read(tmp_path: Path) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["Id", "Name"])
    source = _zip(tmp_path / "all.zip", {"deals.xlsx": book.getvalue()})
    assert read(source, tmp_path / "work").table.name == "all.zip!deals.xlsx"


def test_names_of_members_decide_nothing_on_disk(tmp_path: Path) -> None:
    name = "a/b/very odd \u202e name'; drop table x.csv"
    read(_zip(tmp_path / "odd.zip", {name: ACCOUNTS}), tmp_path / "work")
    written = [path.name for path in (tmp_path / "work").iterdir()]
    assert written == ["intake-0001.csv"]


@pytest.mark.parametrize(
    "name", ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "C:/evil.csv", "..\\evil.csv"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str, tmp_path: Path) -> None:
    source = _zip(tmp_path / "evil.zip", {"Account.csv": ACCOUNTS, name: ACCOUNTS})
    with pytest.raises(InputError, match=r"evil.zip: .* leads out of it .*attack"):
        read(source, tmp_path / "work")
    assert not list(tmp_path.rglob("evil.csv"))
    assert list((tmp_path / "work").iterdir()) == []


def test_a_link_inside_an_archive_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "link.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr(_link("Account.csv", "/etc/passwd"), "/etc/passwd")
    with pytest.raises(InputError, match="leads out of it"):
        read(source, tmp_path / "work")


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.98])
def test_a_truncated_archive_is_told(kept: float, tmp_path: Path) -> None:
    rows = "".join(f"{n},{n * 7919 % 104729}\n" for n in range(5_000)).encode()
    source = _zip(tmp_path / "cut.zip", {"Account.csv": b"Id,Name\n" + rows})
    content = source.read_bytes()
    source.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(InputError, match=r"cut.zip: the archive is cut short or damaged\. Down"):
        read(source, tmp_path / "work")


def test_a_member_with_damaged_bytes_is_told(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n * 7919 % 104729}\n" for n in range(5_000)).encode()
    source = _zip(tmp_path / "bad.zip", {"Account.csv": b"Id,Name\n" + rows})
    content = bytearray(source.read_bytes())
    content[2_000:2_050] = bytes(50)
    source.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        read(source, tmp_path / "work")


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    source = _zip(tmp_path / "bomb.zip", {"Account.csv": b"a,b\n" + b"0" * (64 * 1024 * 1024)})
    assert source.stat().st_size < 100_000
    with pytest.raises(InputError, match="unpacks to far more than its size can account for"):
        read(source, tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == []


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    source = _zip(tmp_path / "liar.zip", {"Account.csv": b"a,b\n" + b"0" * (64 * 1024 * 1024)})
    content = source.read_bytes()
    declared = (64 * 1024 * 1024 + 4).to_bytes(4, "little")
    assert content.count(declared) == 2
    source.write_bytes(content.replace(declared, (1_000).to_bytes(4, "little")))
    with pytest.raises(InputError, match=r"liar\.zip"):
        read(source, tmp_path / "work")
    unpacked = sum(path.stat().st_size for path in (tmp_path / "work").rglob("*.csv"))
    assert unpacked <= 1_000


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    source = _zip(tmp_path / "many.zip", {f"{n}.csv": b"a,b\n" for n in range(1_001)})
    with pytest.raises(InputError, match="holds 1001 files, more than any export"):
        read(source, tmp_path / "work")


def test_an_encrypted_archive_is_told(tmp_path: Path) -> None:
    source = _zip(tmp_path / "locked.zip", {"Account.csv": ACCOUNTS})
    content = bytearray(source.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    source.write_bytes(content)
    with pytest.raises(InputError, match=r"locked\.zip: the archive is protected by a password"):
        read(source, tmp_path / "work")


def test_a_zip_of_nothing_but_a_zip_is_refused(tmp_path: Path) -> None:
    inner = _zip(tmp_path / "inner.zip", {"Account.csv": ACCOUNTS}).read_bytes()
    outer = _zip(tmp_path / "outer.zip", {"inner.zip": inner})
    with pytest.raises(InputError, match=r"outer.zip!inner.zip: a zip inside a zip is not read"):
        read(outer, tmp_path / "work")


def test_an_empty_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no file in empty\.zip"):
        read(_zip(tmp_path / "empty.zip", {}), tmp_path / "work")


def test_an_archive_with_another_suffix_is_an_archive(tmp_path: Path) -> None:
    content = _zip(tmp_path / "x.zip", {"Account.csv": ACCOUNTS}).read_bytes()
    assert read_bytes(content, tmp_path, "renamed.csv").table.stem == "Account"
