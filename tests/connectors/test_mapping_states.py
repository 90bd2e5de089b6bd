"""Open, won or lost: told by the export in a fixed order of trust, and asked when it is not."""

import pytest

from connectors.csv_export.connector import CsvExport, infer_mapping
from connectors.engines.duckdb import Engine
from connectors.errors import QuestionError
from connectors.intake.tables.states import state_in_words
from connectors.snapshot import Availability
from tests.connectors.written import load, load_deals, values, write_csv


def states(folder, headers, rows, mapping=None):
    loaded = load_deals(folder, ["Deal Name", *headers], [["D", *row] for row in rows], mapping)
    return values(loaded, "select state from deals order by row_no"), loaded


def reasons(loaded):
    return {stage.name: stage.reason for stage in loaded.inferred.stages}


def test_a_stage_that_stands_in_no_record_is_noted_with_the_nearest_that_does(tmp_path):
    rows = [["Closed Won"], ["Négociation"], ["Perdue"]]
    told = {"won": ["Closed Wonn"], "lost": ["perdue"], "order": ["Zebra"]}
    _, loaded = states(tmp_path, ["Stage"], rows, {"stages": told})
    unmet = [(n.code, n.facts) for n in loaded.inferred.notes if n.code.startswith("stage_unmet")]
    assert unmet == [
        ("stage_unmet", {"stage": "Zebra", "section": "order"}),
        (
            "stage_unmet_near",
            {"stage": "Closed Wonn", "section": "won", "nearest": "Closed Won"},
        ),
    ]


def test_a_stage_of_the_table_of_stages_is_not_noted_though_no_deal_is_in_it(tmp_path):
    headers = ["stage_id", "label", "pipeline_id", "closed_won", "is_closed", "display_order"]
    write_csv(
        tmp_path,
        "deal_pipeline_stage_data.csv",
        headers,
        [["1", "Signée", "p", "true", "true", "1"]],
    )
    _, loaded = states(tmp_path, ["Stage"], [["Perdue"]], {"stages": {"won": ["Signée"]}})
    assert [n for n in loaded.inferred.notes if n.code.startswith("stage_unmet")] == []


def test_an_open_stage_that_the_order_leaves_out_is_noted(tmp_path):
    rows = [["Closed Won"], ["Négociation"], ["Proposition"], ["Découverte"]]
    told = {"won": ["Closed Won"], "order": ["découverte", "Négociation"]}
    told["open"] = ["Découverte", "Négociation", "Proposition"]
    _, loaded = states(tmp_path, ["Stage"], rows, {"stages": told})
    noted = [n.facts for n in loaded.inferred.notes if n.code == "stage_unordered"]
    assert noted == [{"stage": "Proposition"}]


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ("Closed Won", "won"),
        ("Fermé gagné", "won"),
        ("8 - Signé", "won"),
        ("Gagnée", "won"),
        ("Gewonnen", "won"),
        ("Closed Lost", "lost"),
        ("Perdue", "lost"),
        ("Verloren", "lost"),
        ("Négociation", "open"),
        ("2. Proposition envoyée", "open"),
        ("Closed", None),
        ("Won or lost", None),
        ("Wonderful", None),
        ("Signature", None),
        ("", None),
    ],
)
def test_whole_words_tell_the_state(label, state):
    assert state_in_words(label) == state


def test_flags_go_before_words(tmp_path):
    rows = [
        ["Closed Won", "true", "false"],
        ["Proposal", "true", "true"],
        ["Proposal", "false", "false"],
    ]
    found, _ = states(tmp_path, ["Stage", "Is closed", "Is won"], rows)
    assert found == ["lost", "won", "open"]


def test_status_tells_what_the_stage_does_not(tmp_path):
    rows = [["Proposition", "Ouverte"], ["Proposition", "Gagnée"], ["Proposition", "Perdue"]]
    found, loaded = states(tmp_path, ["Stage", "Status"], rows)
    assert found == ["open", "won", "lost"]
    assert reasons(loaded) == {"Proposition": "status"}


def test_probability_tells_when_it_goes_with_the_stage(tmp_path):
    rows = [["Alpha", "20"], ["Beta", "100"], ["Gamma", "0"], ["Alpha", "20"]]
    found, loaded = states(tmp_path, ["Stage", "Probability"], rows)
    assert found == ["open", "won", "lost", "open"]
    assert reasons(loaded) == {
        "Alpha": "others_open",
        "Beta": "probability",
        "Gamma": "probability",
    }


def test_once_won_and_lost_are_known_the_other_stages_are_open(tmp_path):
    found, loaded = states(
        tmp_path, ["Stage", "Amount"], [["Won", 1], ["Lost", 1], ["Zzz", 1], ["", 1]]
    )
    assert found == ["won", "lost", "open", None]
    assert reasons(loaded)["Zzz"] == "others_open"


def test_undecided_stages_are_asked_once_with_the_lines_to_add(tmp_path):
    rows = [["A", "Alpha", "02/03/2026"], ["B", 'Be"ta', "03/03/2026"]]
    write_csv(tmp_path, "deals.csv", ["Deal Name", "Stage", "Close Date"], rows)
    with pytest.raises(QuestionError) as asked:
        CsvExport(tmp_path).extract(Engine(), tmp_path)
    sentence = str(asked.value)
    assert sentence.startswith(f"{tmp_path.name}: 2 question(s)")
    assert 'stages:\n  open: ["Alpha", "Be\\"ta"]\n  won: ["Alpha"' in sentence
    assert "close_date: day-first | month-first" in sentence
    inferred = infer_mapping(tmp_path, Engine(), tmp_path)
    assert [question.kind for question in inferred.questions] == ["day_month_order", "stage_states"]


def test_the_users_word_goes_before_everything(tmp_path):
    told = {"stages": {"order": ["Alpha", "Beta"], "won": ["gamma"], "lost": ["Closed Won"]}}
    rows = [["Beta", "true"], ["Gamma", "false"], ["Closed Won", "true"], ["Alpha", "false"]]
    found, loaded = states(tmp_path, ["Stage", "Is won"], rows, told)
    assert found == ["open", "won", "lost", "open"]
    ranks = dict(loaded.snapshot.rows("select name, rank from stages"))
    assert ranks["Alpha"] < ranks["Beta"] < ranks["Gamma"]
    assert not loaded.inferred.questions


def test_a_word_of_the_status_can_be_given_a_meaning(tmp_path):
    told = {"tables": {"deals": {"values": {"status": {"Zut": "lost", "Hop": "won"}}}}}
    found, _ = states(
        tmp_path, ["Stage", "Status"], [["A", "Zut"], ["A", "Hop"], ["A", "open"]], told
    )
    assert found == ["lost", "won", "open"]


def test_a_deal_that_tells_nothing_has_no_state_and_raises_no_question(tmp_path):
    found, loaded = states(tmp_path, ["Stage", "Amount", "Close Date"], [["", 1, ""], ["", 2, ""]])
    assert found == [None, None]
    assert not loaded.inferred.questions


def test_stages_are_derived_with_the_numbers_of_their_names(tmp_path):
    rows = [["2 - Offre"], ["1 - Qualification"], ["Gagné"], ["Perdu"]]
    _, loaded = states(tmp_path, ["Stage"], [[*row] for row in rows])
    assert loaded.snapshot.rows(
        "select name, rank, is_closed, is_won from stages order by rank"
    ) == [
        ("1 - Qualification", 1, False, False),
        ("2 - Offre", 2, False, False),
        ("Gagné", 3, True, True),
        ("Perdu", 4, True, False),
    ]
    assert loaded.snapshot.capabilities.table("stages") is Availability.DERIVED


def test_an_unknown_order_stays_unknown(tmp_path):
    _, loaded = states(tmp_path, ["Stage"], [["Proposal"], ["Demo"], ["Won"], ["Lost"]])
    assert values(loaded, "select rank from stages") == [None] * 4


def test_a_table_of_stages_tells_and_names_the_stages(tmp_path):
    write_csv(
        tmp_path,
        "deal_pipeline_stage.csv",
        ["stage_id", "label", "pipeline_id", "display_order", "is_closed", "closed_won"],
        [["s1", "Alpha", "p", 0, "FALSE", "FALSE"], ["s2", "Beta", "p", 5, "TRUE", "TRUE"]],
    )
    write_csv(
        tmp_path,
        "deal.csv",
        ["deal_id", "property_dealname", "deal_pipeline_id", "deal_pipeline_stage_id"],
        [["1", "A", "p", "s1"], ["2", "B", "p", "s2"]],
    )
    loaded = load(tmp_path)
    assert loaded.snapshot.rows("select stage, state from deals order by id") == [
        ("Alpha", "open"),
        ("Beta", "won"),
    ]
    assert loaded.snapshot.rows("select name, rank from stages order by rank") == [
        ("Alpha", 1),
        ("Beta", 2),
    ]
