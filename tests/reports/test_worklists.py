import csv
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.worklists import FORMULA_STARTS, guarded, write_lists
from tests.reports.hostile import TEXTS
from tests.reports.small_audit import CHECK, COLUMNS, audit_of, late_deal


def written(folder, *deals, style="us", **options):
    audit = audit_of(*deals)
    write_lists(*audit, folder, style=style, **options)
    return folder / f"{CHECK}.csv"


def read(path, style="us"):
    encoding, separator = ("utf-8-sig", ";") if style == "eu" else ("utf-8", ",")
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=separator))


def test_the_record_comes_first_and_every_record_is_there(tmp_path):
    deals = [late_deal(id=f"006{number:04d}") for number in range(300)]
    audit = audit_of(*deals)
    assert write_lists(*audit, tmp_path, style="us") == {CHECK: 300}
    header, *records = read(tmp_path / f"{CHECK}.csv")
    assert header == COLUMNS
    assert [record[0] for record in records] == [deal["id"] for deal in deals]


def test_the_american_style_has_commas_and_points(tmp_path):
    assert written(tmp_path, late_deal()).read_text("utf-8").splitlines()[1] == (
        '"006A","Rénovation","005A","Marc Durand","001A","Atelier Morel",'
        '"Proposition","2026-06-19","11","1250.50"'
    )


def test_the_european_style_has_semicolons_a_decimal_comma_and_a_byte_order_mark(tmp_path):
    content = written(tmp_path, late_deal(), style="eu").read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"record_id";"name";')
    assert content.endswith(b'"2026-06-19";"11";"1250,50"\n')


def test_every_cell_is_quoted_and_a_missing_value_is_empty(tmp_path):
    content = written(tmp_path, late_deal(account_id=None)).read_bytes()
    assert b'"Marc Durand","","","Proposition"' in content


@pytest.mark.parametrize("style", ["us", "eu"])
@pytest.mark.parametrize("text", TEXTS)
def test_no_hostile_text_starts_a_formula_and_none_is_changed_otherwise(tmp_path, text, style):
    _, record = read(written(tmp_path, late_deal(name=text), style=style), style)
    assert not record[1].startswith(FORMULA_STARTS)
    assert record[1] == (f"'{text}" if text.startswith(FORMULA_STARTS) else text)


def test_a_hostile_id_is_guarded_too(tmp_path):
    _, record = read(written(tmp_path, late_deal(id="=1+1")))
    assert record[0] == "'=1+1"


def test_a_negative_amount_stays_a_number(tmp_path):
    _, record = read(written(tmp_path, late_deal(amount="-500")))
    assert record[-1] == "-500.00"


def test_another_thread_writes_the_same_lists_on_a_connection_of_its_own(tmp_path):
    audit = audit_of(late_deal(), late_deal(id="006B", amount=None))
    write_lists(*audit, tmp_path / "one", style="us")
    snapshot = audit.context.snapshot.beside()
    context = replace(audit.context, snapshot=snapshot)
    with closing(snapshot), ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit(
            write_lists, context, audit.specs, audit.measured, tmp_path / "other", style="us"
        ).result()
    assert audit.context.snapshot.count("deals") == 2
    one, other = (tmp_path / folder / f"{CHECK}.csv" for folder in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()


def test_a_check_without_hits_has_no_file(tmp_path):
    assert not written(tmp_path, late_deal(state="won")).exists()


def test_redacted_lists_leave_out_who_is_behind_a_record(tmp_path):
    path = written(tmp_path, late_deal(), redact=True)
    assert not {"owner_id", "owner_name", "account_name"} & set(read(path)[0])
    assert "Durand" not in path.read_text("utf-8")
    assert "Morel" not in path.read_text("utf-8")


@given(st.text())
def test_a_guarded_text_never_starts_a_formula_and_loses_nothing(text):
    assert not guarded(text).startswith(FORMULA_STARTS)
    assert guarded(text).endswith(text)
