"""The JSON Schema of ``result.json``, for whoever builds on it: ``docs/result.schema.json``.

``python -m checks.schema`` prints it.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from checks.results import SCHEMA_VERSION, AuditResult

_ATTRIBUTES = "\n\nAttributes:\n"
_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


def schema_text() -> str:
    """Return the schema of a result as this version writes it; readers accept unknown keys."""
    schema = AuditResult.model_json_schema(mode="serialization")
    for part in (schema, *schema["$defs"].values()):
        _describe_properties(part)
    dialect = "https://json-schema.org/draft/2020-12/schema"
    whole = {"$schema": dialect, "$comment": f"schema_version {SCHEMA_VERSION}", **schema}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _describe_properties(part: dict[str, Any]) -> None:
    """Move what a docstring says of each attribute to the property that it speaks of."""
    summary, _, attributes = part.get("description", "").partition(_ATTRIBUTES)
    for name, meaning in _ATTRIBUTE.findall(attributes):
        part["properties"][name]["description"] = " ".join(meaning.split())
    if summary:
        part["description"] = " ".join(summary.split())


if __name__ == "__main__":
    sys.stdout.write(schema_text())
