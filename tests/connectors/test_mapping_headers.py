"""Each system's headers, in its own encoding, separator and date style, find their fields."""

import json

import pytest

from connectors.intake.recognition.dialects import fields_of, known_dialects, spelling
from tests.connectors.written import fields, load, shared_export, write_csv

#: (system, object, language, kind of row): file name, separator, encoding, table, fields.
EXPECTED = {
    ("hubspot", "deals", "en"): (
        "hubspot-crm-exports-all-deals-2026-06-01.csv", ",", "utf-8-sig", "deals",
        {"id": "Record ID", "name": "Deal Name", "stage": "Deal Stage", "amount": "Amount",
         "close_date": "Close Date", "created_at": "Create Date", "owner_id": "Deal owner",
         "last_activity_at": "Last Activity Date", "account_id": "Associated Company IDs",
         "contact_id": "Associated Contact IDs", "pipeline": "Pipeline"},
    ),
    ("hubspot", "contacts", "en"): (
        "all-contacts.csv", ",", "utf-8-sig", "contacts",
        {"id": "Record ID", "email": "Email", "phone": "Phone Number", "title": "Job Title",
         "country": "Country/Region", "account_id": "Associated Company IDs (Primary)"},
    ),
    ("hubspot", "companies", "en"): (
        "all-companies.csv", ",", "utf-8-sig", "accounts",
        {"id": "Record ID", "name": "Company name", "website": "Company Domain Name",
         "city": "City", "industry": "Industry", "owner_id": "Company owner"},
    ),
    ("hubspot", "deals", "fr"): (
        "tous-les-transactions.csv", ",", "utf-8-sig", "deals",
        {"id": "ID de fiche d'informations", "name": "Nom de la transaction",
         "stage": "Phase de la transaction", "amount": "Montant",
         "close_date": "Date de fermeture", "created_at": "Date de création",
         "owner_id": "Propriétaire de la transaction",
         "account_id": "Associated Company (Primary)"},
    ),
    ("hubspot", "contacts", "fr"): (
        "tous-les-contacts.csv", ",", "utf-8-sig", "contacts",
        {"first_name": "Prénom", "last_name": "Nom", "email": "E-mail",
         "phone": "Numéro de téléphone", "owner_id": "Propriétaire du contact"},
    ),
    ("hubspot", "contacts", "es"): (
        "contactos.csv", ",", "utf-8-sig", "contacts",
        {"first_name": "Nombre", "last_name": "Apellidos", "email": "Correo",
         "created_at": "Fecha de creación", "owner_id": "Propietario del contacto"},
    ),
    ("pipedrive", "deals", "en"): (
        "deals-1234-5.csv", ",", "utf-8", "deals",
        {"name": "Deal - Title", "amount": "Deal - Value", "stage": "Deal - Stage",
         "currency": "Deal - Currency of value", "status": "Deal - Status",
         "close_date": "Deal - Expected close date", "lost_reason": "Deal - Lost reason",
         "owner_id": "Deal - Owner", "next_activity_at": "Deal - Next activity date"},
    ),
    ("pipedrive", "deals", "fr"): (
        "affaires.csv", ";", "utf-8", "deals",
        {"name": "Affaire - Titre", "stage": "Affaire - Étape", "status": "Affaire - Statut",
         "account_id": "Affaire - Organisation", "contact_id": "Affaire - Personne à contacter"},
    ),
    ("zoho", "deals", "en"): (
        "Deals_2026_05_28.csv", ",", "utf-8", "deals",
        {"id": "Record Id", "owner_id": "Deal Owner.id", "name": "Deal Name",
         "close_date": "Closing Date", "account_id": "Account Name.id", "stage": "Stage",
         "contact_id": "Contact Name.id", "pipeline": "Pipeline"},
    ),
    ("dynamics365", "opportunity", "en"): (
        "My Open Opportunities.csv", ",", "utf-8", "deals",
        {"id": "(Do Not Modify) Opportunity", "name": "Topic", "amount": "Est. Revenue",
         "close_date": "Est. Close Date", "status": "Status", "stage": "Pipeline Phase",
         "account_id": "Account", "owner_id": "Owner", "created_at": "Created On",
         "modified_at": "(Do Not Modify) Modified On"},
    ),
    ("dynamics365", "opportunity", "fr"): (
        "Mes opportunités.csv", ";", "cp1252", "deals",
        {"id": "(Ne pas modifier) Opportunité", "account_id": "Client potentiel",
         "close_date": "Date de fermeture estimée", "stage": "Phase active",
         "amount": "Montant total", "created_at": "Created On"},
    ),
    ("salesforce-report", "opportunity", "fr"): (
        "report1717171717.csv", ";", "iso-8859-1", "deals",
        {"owner_id": "Propriétaire de l'opportunité", "account_id": "Nom du compte",
         "created_at": "Date de création", "close_date": "Date de clôture", "stage": "Étape"},
    ),
    ("salesforce-dataloader", "account", "en"): (
        "extract.csv", ",", "utf-8", "accounts",
        {"name": "NAME", "parent_id": "PARENTID", "street": "BILLINGSTREET",
         "annual_revenue": "ANNUALREVENUE", "employees": "NUMBEROFEMPLOYEES",
         "website": "WEBSITE", "phone": "PHONE"},
    ),
    ("odoo", "crm.lead", "fr"): (
        "crm.lead.csv", ",", "utf-8", "deals",
        {"amount": "Revenu espéré", "close_date": "Date de fermeture prévue", "stage": "Étape",
         "account_id": "Société", "contact_id": "Nom du contact"},
    ),
    ("odoo", "crm.lead", "technical"): (
        "crm.lead.csv", ",", "utf-8", "deals",
        {"id": "id", "name": "name", "account_id": "partner_id/id", "stage": "stage_id/id"},
    ),
    ("sellsy", "opportunity", "fr"): (
        "opportunites.csv", ";", "iso-8859-1", "deals",
        {"name": "Nom de l'opportunité", "amount": "Montant potentiel", "stage": "Étape",
         "probability": "Probabilité", "owner_id": "Collaborateur affecté",
         "account_id": "Société liée", "close_date": "Date d'échéance", "status": "Statut"},
    ),
}  # fmt: skip
SYSTEMS = {"salesforce-dataloader": ("salesforce-api", "api"), "sellsy": ("generic", "fr")}


def header_rows():
    path = shared_export("recorded") / "csv" / "header_rows.json"
    return json.loads(path.read_text("utf-8"))


def cell(header, number, language):
    """Return a believable value of a column, in the style of the language."""
    name = spelling(header)
    day, month = 13 + number, 1 + number
    french = language in ("fr", "es")
    if any(word in name for word in ("date", "time", "createdon", "modifiedon", "creee", "heure")):
        return f"{day:02}/{month:02}/2026" if french else f"2026-{month:02}-{day:02} 10:30"
    if any(word in name for word in ("actividad", "fechade")):
        return f"{day:02}/{month:02}/2026"
    if any(word in name for word in ("amount", "montant", "value", "valeur", "revenu", "revenue")):
        return f"{number + 1} 250,50" if french else f"{number + 1},250.50"
    if "prob" in name:
        return str(10 * number + 10)
    if "stage" in name or "etape" in name or "phase" in name:
        return ["Proposition", "Closed Won", "Closed Lost"][number % 3]
    if name.endswith("id") or "ids" in name or "donotmodifyopp" in name:
        return f"{number + 100}"
    return f"{header} {number}"


@pytest.mark.shared
@pytest.mark.parametrize("at", range(17))
def test_the_headers_of_a_system_find_their_table_and_fields(at, tmp_path):
    row = header_rows()[at]
    name, separator, encoding, table, expected = EXPECTED[row["system"], row["object"], row["lang"]]
    records = [[cell(h, n, row["lang"]) for h in row["headers"]] for n in range(6)]
    write_csv(
        tmp_path, name, row["headers"], records,
        encoding=row.get("encoding", encoding), separator=row.get("delimiter", separator),
    )  # fmt: skip
    loaded = load(tmp_path)
    (file,) = loaded.inferred.files
    system = SYSTEMS.get(row["system"], (row["system"], row["lang"]))
    assert (file.table, file.system, file.language) == (table, *system)
    assert file.rows_loaded == 6
    found = fields(loaded, table)
    wanted = {field: header for field, header in expected.items() if header in row["headers"]}
    assert {field: found.get(field) for field in wanted} == wanted
    assert len(wanted) >= 3
    dates = [c for c in loaded.snapshot.intake.columns if c.column == "close_date"]
    assert all(each.filled == 6 and each.unparsed == 0 for each in dates)


@pytest.mark.shared
def test_every_header_row_has_its_expectation():
    rows = header_rows()
    assert len(rows) == 17
    assert {(r["system"], r["object"], r["lang"]) for r in rows} == set(EXPECTED)


def test_one_label_means_different_things_in_different_systems():
    labels = {
        (dialect.system, dialect.language): {
            field
            for entry in dialect.entries
            if entry.table == "deals"
            for field, _ in entry.labels.get(spelling("Date de clôture"), [])
        }
        for dialect in known_dialects()
    }
    assert labels["salesforce-report", "fr"] == {"close_date"}
    assert labels["odoo", "fr"] == {"closed_at"}
    assert labels["hubspot", "fr"] == set()


def test_every_dialect_names_only_fields_that_exist():
    for dialect in known_dialects():
        for entry in dialect.entries:
            for claims in entry.labels.values():
                assert entry.table is not None
                assert {field for field, _ in claims} <= fields_of(entry.table)


def test_unknown_headers_are_matched_by_synonyms_and_say_so(tmp_path):
    write_csv(
        tmp_path,
        "mes_affaires.csv",
        ["N°", "Affaire", "Client", "Commercial", "Étape", "Montant HT (€)", "Date de signature"],
        [[1, "Pains", "Durand", "Léa", "Gagné", "1 200,00", "28/02/2026"]],
    )
    loaded = load(tmp_path)
    assert fields(loaded, "deals") == {
        "id": "N°",
        "name": "Affaire",
        "account_id": "Client",
        "owner_id": "Commercial",
        "stage": "Étape",
        "amount": "Montant HT (€)",
        "close_date": "Date de signature",
    }
    assert {c.reason for c in loaded.inferred.columns} == {"synonym"}
    assert all(0 < c.confidence < 0.95 for c in loaded.inferred.columns)


def test_a_file_of_no_known_table_is_listed_as_not_used(tmp_path):
    write_csv(
        tmp_path, "deals.csv", ["Deal Name", "Stage", "Close Date"], [["A", "Won", "2026-01-31"]]
    )
    write_csv(tmp_path, "menu.csv", ["Dish", "Price"], [["Soup", "4.50"]])
    loaded = load(tmp_path)
    menu = next(file for file in loaded.inferred.files if file.name == "menu.csv")
    assert (menu.table, menu.reason, menu.rows_loaded) == (None, "no_known_table", 0)


def test_values_speak_where_headers_do_not(tmp_path):
    rows = [
        [f"Deal {n}", "Proposal", f"€ {n}.50", f"2026-0{n}-20", f"a{n}@b.fr"] for n in range(1, 6)
    ]
    write_csv(tmp_path, "deals.csv", ["Deal Name", "Stage", "Worth", "When", "Foo"], rows)
    loaded = load(tmp_path)
    by_values = {c.column: c for c in loaded.inferred.columns if c.reason == "values"}
    assert {column: c.header for column, c in by_values.items()} == {
        "amount": "Worth",
        "close_date": "When",
    }
    assert all(c.confidence <= 0.6 for c in by_values.values())


def test_accounts_by_their_api_names_are_no_report_that_spells_some_of_them_alike(tmp_path):
    write_csv(
        tmp_path,
        "Account.csv",
        ["Id", "Name", "Industry", "BillingCity", "BillingPostalCode", "BillingCountry"],
        [["001000000000001AAA", "Laiterie Nérac", "Food", "Nérac", "47600", "France"]],
    )
    mapped = fields(load(tmp_path), "accounts")
    assert mapped["name"] == "Name"
    assert mapped["postal_code"] == "BillingPostalCode"


def confidence(folder, name, headers):
    """Return how sure the recognition of a file of one row is."""
    write_csv(folder, name, headers, [["1"] * len(headers)])
    write_csv(folder, "contacts.csv", ["Email", "First Name", "Last Name"], [["a@b.fr", "A", "B"]])
    found = load(folder).inferred.files
    return next(file.confidence for file in found if file.name == name)


def test_a_column_more_or_less_does_not_change_what_telling_headers_say(tmp_path):
    headers = ["Id", "StageName", "IsWon"]
    (tmp_path / "all_known").mkdir()
    (tmp_path / "one_unknown").mkdir()
    all_known = confidence(tmp_path / "all_known", "extract.csv", headers)
    one_unknown = confidence(tmp_path / "one_unknown", "extract.csv", [*headers, "Foo"])
    assert all_known == one_unknown == 0.72


def test_a_copy_of_a_history_is_as_sure_as_its_name_and_headers(tmp_path):
    headers = ["id", "_fivetran_start", "_fivetran_end", "amount"]
    assert confidence(tmp_path, "opportunity_history.csv", headers) == 0.93
