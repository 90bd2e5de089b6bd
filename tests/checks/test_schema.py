from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from checks.schema import schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "result.schema.json"


def test_the_published_schema_is_current():
    assert PUBLISHED.read_text("utf-8") == schema_text(), "run: make docs"


def test_the_schema_is_valid_and_describes_what_it_holds():
    schema = json.loads(schema_text())

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$defs"]["Verdict"]["properties"]["present"]["description"]
