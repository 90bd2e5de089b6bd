"""Write the bundled examples: two companies' exports, and the list of what was planted in them.

Run by ``make worlds``; ``make worlds-check`` fails when the files are not current. The companies
are worlds of ``tests.worlds``: invented people, customers and habits, over two years.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.worlds.adapters.salesforce import write_salesforce
from tests.worlds.plan import Plan, Planted
from tests.worlds.world import World, make_world

HERE = Path(__file__).parent
PACKED = HERE.parent / "auditor" / "demo"

#: A sales team that nobody leads by its CRM: all four signals, none of them everywhere.
_HABITS = (
    # Data are incomplete or obsolete.
    Planted("zombie-deal", 0.22),
    Planted("open-deal-past-close-date", 0.10),
    Planted("open-deal-without-next-step", 0.45),
    Planted("lost-deal-without-reason", 0.35),
    Planted("contact-without-email-or-phone", 0.12),
    Planted("junk-in-deals", 0.07),
    Planted("duplicate-account", 0.05),
    Planted("late-logged-activity", 0.35),
    # Everyone uses it their own way.
    Planted("stage-dialect", reps=0.5),
    Planted("field-completion-spread", reps=0.4),
    Planted("picklist-dump", reps=0.3),
    Planted("probability-override-spread", reps=0.4),
    Planted("value-variant", 0.06),
    # Teams work around the system.
    Planted("won-deal-without-activity", 0.40),
    Planted("deal-created-and-won-same-day", 0.15),
    Planted("burst-updates", reps=0.4),
    Planted("pointer-outside-crm", 0.07),
    Planted("spreadsheet-attachment", 0.16),
    Planted("recurring-import"),
    # Nobody decides from it.
    Planted("missing-review-ritual"),
    Planted("forecast-bias", 0.7),
    Planted("serially-pushed-deal", 0.20),
    Planted("overdue-task", 0.5),
    Planted("unread-report", 0.8),
    Planted("absent-manager", reps=0.7),
)


@dataclass(frozen=True)
class Example:
    """One invented company: the name of its export, and the plan of its world."""

    name: str
    plan: Plan

    @property
    def folder(self) -> Path:
        """The export for readers, beside this file."""
        return HERE / self.name

    @property
    def planted(self) -> Path:
        """What was planted in it: check to the ids of its records."""
        return HERE / f"{self.name}.planted.json"

    @property
    def packed(self) -> Path:
        """The export that ships with the program."""
        return PACKED / f"{self.name}.zip"


EXAMPLES = (
    Example(
        "portalys",
        Plan(
            seed=20261030,
            reps=12,
            deals=900,
            language="fr",
            activity=0.9,
            planted=_HABITS,
            ritual=None,
        ),
    ),
    Example(
        "harrowgate-lift",
        Plan(
            seed=20261031,
            reps=12,
            deals=900,
            language="en",
            activity=0.9,
            planted=_HABITS,
            ritual=None,
        ),
    ),
)


def contents(example: Example) -> tuple[dict[str, bytes], bytes]:
    """Return every file of an example by its name, and the list of what was planted."""
    world = make_world(example.plan)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / example.name
        write_salesforce(world, folder, quoted=False)
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return files, _planted(world)


def packed(files: dict[str, bytes]) -> bytes:
    """Return an export as a zip whose bytes depend on its content alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def write() -> None:
    """Write the folders for readers and the zips that ship with the program."""
    PACKED.mkdir(exist_ok=True)
    for example in EXAMPLES:
        files, planted = contents(example)
        example.planted.write_bytes(planted)
        example.folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (example.folder / name).write_bytes(content)
        example.packed.write_bytes(packed(files))


def stale() -> list[str]:
    """Return the files that differ from what the generator makes."""
    found = []
    for example in EXAMPLES:
        files, planted = contents(example)
        found += [f"{example.name}/{n}" for n in files if _read(example.folder / n) != files[n]]
        if _read(example.planted) != planted:
            found.append(example.planted.name)
        if _unpacked(example.packed) != files:
            found.append(example.packed.name)
    return found


def _planted(world: World) -> bytes:
    """Return what was planted, as text."""
    by_check = {
        check: sorted(world.labelled(check)) for check in sorted(set(world.labels.check_id))
    }
    return (json.dumps(by_check, indent=1, ensure_ascii=False) + "\n").encode()


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _unpacked(path: Path) -> dict[str, bytes]:
    if not path.exists():
        return {}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


if __name__ == "__main__":
    if "--check" in sys.argv:
        if names := stale():
            sys.exit(f"not current, run `make worlds`: {', '.join(names)}")
    else:
        write()
