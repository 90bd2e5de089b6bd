from datetime import date

import pytest
from openpyxl import load_workbook

from checks.authoring.catalogue import load_catalogue
from checks.authoring.rehearsal import snapshot_from_rows
from checks.context import Context
from checks.measuring import measure_all
from checks.profile import Profile
from reports.owner_workbooks import lists_by_owner, sheets_of_owner
from reports.workbook import sheets_of, write_workbook
from tests.reports.hostile import TEXTS
from tests.reports.small_audit import CHECK, SmallAudit, audit_of, late_deal

SHEET = CHECK[:31]


def written(folder, audit, language="en", **options):
    path = folder / "worklists.xlsx"
    sheets = sheets_of(*audit, **options)
    write_workbook(sheets, path, as_of=audit.context.as_of, language=language)
    return load_workbook(path)


def test_a_sheet_a_check_after_an_index(tmp_path):
    audit = audit_of(late_deal()).under_other_names("first-check", "second-check")
    assert written(tmp_path, audit).sheetnames == ["Index", "first-check", "second-check"]


def test_the_index_says_how_many_more_the_file_has(tmp_path):
    audit = audit_of(*(late_deal(id=str(number)) for number in range(3)))
    book = written(tmp_path, audit, rows_per_sheet=2)
    sheet, title, *figures, file = [cell.value for cell in book["Index"][2]]
    assert (sheet, file) == (SHEET, f"worklists/{CHECK}.csv")
    assert title == audit.specs[0].text.en.title
    assert figures == [2, 3, 1]
    assert book[SHEET].max_row == 1 + 2


def test_headers_are_in_the_language_of_the_reader(tmp_path):
    book = written(tmp_path, audit_of(late_deal()), language="fr")
    assert book.sheetnames[0] == "Sommaire"
    headers = [cell.value for cell in book[SHEET][1]]
    assert headers[:4] == ["Fiche", "Affaire", "Propriétaire", "Compte"]
    assert headers[-1] == "Montant"


def test_owners_and_accounts_stand_under_their_names_as_far_as_the_crm_gives_one(tmp_path):
    deals = late_deal(id="1"), late_deal(id="2", owner_id="005B", account_id="001B")
    named, nameless = written(tmp_path, audit_of(*deals))[SHEET].iter_rows(min_row=2)
    assert [cell.value for cell in named[2:4]] == ["Marc Durand", "Atelier Morel"]
    assert [cell.value for cell in nameless[2:4]] == ["005B", "001B"]


@pytest.mark.parametrize(("language", "code"), [("en", "yyyy-mm-dd"), ("fr", "dd/mm/yyyy")])
def test_days_are_written_as_the_reader_writes_them(tmp_path, language, code):
    assert written(tmp_path, audit_of(late_deal()), language)[SHEET]["F2"].number_format == code


@pytest.mark.parametrize("text", TEXTS)
def test_no_hostile_text_is_anything_but_text(tmp_path, text):
    cell = written(tmp_path, audit_of(late_deal(name=text)))[SHEET]["B2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert "\x00" not in cell.value


def test_numbers_and_dates_are_numbers_and_dates(tmp_path):
    cells = written(tmp_path, audit_of(late_deal(amount="-500")))[SHEET][2]
    assert [cell.data_type for cell in cells[-3:]] == ["d", "n", "n"]
    assert cells[-1].value == -500


def test_long_texts_are_cut_to_what_a_cell_holds(tmp_path):
    cell = written(tmp_path, audit_of(late_deal(name="é" * 40_000)))[SHEET]["B2"]
    assert len(cell.value) == 32_767


def test_long_check_ids_get_names_of_their_own(tmp_path):
    ids = [f"a-check-with-quite-a-long-name-{ending}" for ending in ("one", "two", "three")]
    names = written(tmp_path, audit_of(late_deal()).under_other_names(*ids)).sheetnames
    assert len(set(names)) == 4
    assert all(len(name) <= 31 for name in names)


def test_lists_can_be_filtered_and_keep_their_header_in_sight(tmp_path):
    sheet = written(tmp_path, audit_of(late_deal()))[SHEET]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:H2"


def test_equal_lists_give_equal_bytes(tmp_path):
    contents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, audit_of(late_deal()))
        contents.append((tmp_path / name / "worklists.xlsx").read_bytes())
    assert contents[0] == contents[1]


def test_redacted_sheets_leave_out_who_is_behind_a_record(tmp_path):
    sheet = written(tmp_path, audit_of(late_deal()), redact=True)[SHEET]
    assert not {"Marc Durand", "Atelier Morel"} & {cell.value for cell in sheet[2]}


CRM = "https://acme.lightning.force.com"


def linked(*deals):
    audit = audit_of(*deals)
    audit.context.snapshot.provenance.link_base = CRM
    return audit


def test_the_id_of_a_record_opens_it_in_the_crm(tmp_path):
    book = written(tmp_path, linked(late_deal(id="006A00000000001AAA"), late_deal(id="no id")))
    first, second = (book[SHEET][f"A{row}"] for row in (2, 3))
    target = f"{CRM}/lightning/r/Opportunity/006A00000000001AAA/view"
    assert (first.value, first.hyperlink.target) == ("006A00000000001AAA", target)
    assert (second.value, second.hyperlink) == ("no id", None)
    assert "link" not in [cell.value for cell in book[SHEET][1]]


def test_the_index_leads_to_each_sheet(tmp_path):
    index = written(tmp_path, audit_of(late_deal()))["Index"]
    assert {index[at].hyperlink.location for at in ("A2", "B2")} == {f"'{SHEET}'!A1"}


def test_an_owner_gets_their_own_records_and_no_others(tmp_path):
    audit = audit_of(
        late_deal(id="1"), late_deal(id="2", owner_id="005B"), late_deal(id="3", owner_id=None)
    )
    lists = lists_by_owner(*audit)
    assert list(lists) == ["005A", "005B"]
    path = tmp_path / "owner.xlsx"
    sheets = sheets_of_owner(audit.context, lists["005B"], 10)
    write_workbook(sheets, path, as_of=audit.context.as_of, language="en")
    book = load_workbook(path)
    assert [row[0].value for row in book[SHEET].iter_rows(min_row=2)] == ["2"]
    assert [cell.value for cell in book["Index"][2]][2:5] == [1, 1, 0]


def test_records_of_several_tables_are_headed_by_their_names_not_as_deals(tmp_path):
    check = load_catalogue()["value-variant"]
    accounts = [
        {"id": f"a{n}", "name": f"Site {n}", "industry": "Construction"} for n in range(120)
    ]
    accounts[7]["industry"] = "Constuction"
    snapshot = snapshot_from_rows({"deals": [late_deal()], "accounts": accounts})
    context = Context(snapshot, Profile(), date(2026, 6, 30))
    audit = SmallAudit(context, [check], measure_all(context, [check]))
    heads, first, *_ = written(tmp_path, audit)["value-variant"].values
    told = dict(zip(heads, first, strict=True))
    assert (told["Name"], told["Field"], told["Table"]) == ("Site 7", "Industry", "accounts")
