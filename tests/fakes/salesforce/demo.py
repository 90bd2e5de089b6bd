"""A Salesforce org on this machine, looked at and audited: ``make demo-salesforce``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from auditor.cli import main
from tests.fakes.salesforce.process import running
from tests.fakes.salesforce.tokens import CONSUMER_KEY, CONSUMER_SECRET
from tests.worlds.adapters.salesforce import write_salesforce
from tests.worlds.plan import Planted, healthy
from tests.worlds.world import make_world

FOLDER = Path("demo-salesforce")
PLAN = healthy(seed=29, reps=12, deals=1_500).planting(
    Planted("zombie-deal", 0.4),
    Planted("missing-review-ritual"),
    Planted("lost-deal-without-reason", 0.5),
)
SETTINGS = f"""\
sources:
  demo:
    system: salesforce
    host: {{host}}
    sign_in: client-credentials
    consumer_key: {CONSUMER_KEY}
    secret: env:SALESFORCE_SECRET
    bulk_from: 5000
"""


def demonstrate() -> int:
    """Make an org, look at it, audit it; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        write_salesforce(make_world(PLAN), Path(folder))
        with running(Path(folder), hidden=["LoginHistory"]) as org:
            FOLDER.mkdir(exist_ok=True)
            settings = FOLDER / "auditor.yaml"
            settings.write_text(SETTINGS.format(host=org.host), encoding="utf-8")
            os.environ["SALESFORCE_SECRET"] = CONSUMER_SECRET
            told = ["--config", str(settings)]
            main(["doctor", "salesforce:demo", *told])
            return main(["audit", "salesforce:demo", *told, "--out", str(FOLDER / "report")])


if __name__ == "__main__":
    sys.exit(demonstrate())
