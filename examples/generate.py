"""Write the bundled example: a CRM export, and the list of what was planted in it.

Run by ``make example``; ``make example-check`` fails when the files are not current.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from pathlib import Path

from examples.company import Company, Record, well_kept_company
from examples.defects import let_it_slide

SEED = 20261030
FOLDER = Path(__file__).parent / "alpes-froid"
PACKED = Path(__file__).parent.parent / "auditor" / "demo" / "alpes-froid.zip"


def example() -> Company:
    """Return the company with its defects, the same at every call."""
    company = well_kept_company(SEED)
    let_it_slide(company)
    return company


def contents(company: Company) -> dict[str, str]:
    """Return the text of every file of the example by its name."""
    texts = {name: _csv(records) for name, records in company.files().items()}
    planted = {check_id: sorted(ids) for check_id, ids in sorted(company.planted.items())}
    texts["planted.json"] = json.dumps(planted, indent=1, ensure_ascii=False) + "\n"
    return texts


def packed(texts: dict[str, str]) -> bytes:
    """Return the export as a zip whose bytes depend on its content alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            if name.endswith(".csv"):
                archive.writestr(zipfile.ZipInfo(name), text.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write() -> None:
    """Write the folder for readers and the zip that ships with the program."""
    texts = contents(example())
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="")
    PACKED.parent.mkdir(exist_ok=True)
    PACKED.write_bytes(packed(texts))


def stale() -> list[str]:
    """Return the files that differ from what the generator makes."""
    texts = contents(example())
    found = [n for n, text in texts.items() if _read(FOLDER / n) != text.encode()]
    with zipfile.ZipFile(PACKED) as archive:
        same = all(archive.read(n) == texts[n].encode() for n in texts if n.endswith(".csv"))
    return found if same else [*found, PACKED.name]


def _csv(records: list[Record]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(records[0]), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records)
    return buffer.getvalue()


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


if __name__ == "__main__":
    if "--check" in sys.argv:
        if names := stale():
            sys.exit(f"not current, run `make example`: {', '.join(names)}")
    else:
        write()
