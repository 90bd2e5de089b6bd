# The only home of commands. Every target sets up what it needs on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT ?= demo-report

.DEFAULT_GOAL := help
.PHONY: help setup browser demo demo-salesforce test test-long lint format docs docs-check worlds worlds-check pictures accuracy bench constraints clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[dev]'
	@touch $@

setup: $(READY) ## create .venv with the pinned versions

browser: ## install Chromium from Debian's packages, for the browser tests
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium fonts-dejavu-core; }

demo-salesforce: $(READY) ## audit a Salesforce org that runs on this machine, into demo-salesforce/
	$(BIN)/python -m tests.fakes.salesforce.demo

demo: $(READY) ## audit the bundled example into demo-report/
	$(BIN)/auditor demo --out $(OUT)

test: $(READY) ## run the tests (a fixed sample of each large grid)
	$(BIN)/python -m pytest -n 2 -m "not long"

test-long: $(READY) ## run the full grids too
	$(BIN)/python -m pytest -n 2

lint: $(READY) ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## let ruff format and sort
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

docs: $(READY) ## write the generated references
	AUDITOR_LANG=en $(BIN)/auditor checks docs --out docs/checks.md
	$(BIN)/python -m checks.schema > docs/result.schema.json

docs-check: docs ## fail when a generated reference is not current
	git diff --exit-code -- docs

worlds: $(READY) ## write the bundled examples anew
	$(BIN)/python -m examples.generate

worlds-check: $(READY) ## fail when the bundled examples are not current
	$(BIN)/python -m examples.generate --check

pictures: $(READY) browser ## take the pictures of the report for the documentation
	$(BIN)/python -m examples.pictures

accuracy: $(READY) ## audit hundreds of worlds with known failures; writes docs/accuracy.md
	$(BIN)/python -m tests.accuracy.run

bench: $(READY) ## measure against the baseline; writes docs/benchmarks.md
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev,bench]"
	$(BIN)/python -m bench.run

constraints: ## pin anew what a clean install of the project takes, keeping today's versions
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[dev,bench]'
	{ echo "# Made by make constraints; to move a version, remove its line or edit it first."; \
	  build/constraints/bin/python -m pip freeze --exclude-editable; } > build/constraints/new.txt
	mv build/constraints/new.txt constraints.txt
	rm -rf build/constraints

clean: ## remove what the other targets made
	rm -rf $(VENV) $(OUT) demo-salesforce .mypy_cache .pytest_cache .ruff_cache *.egg-info
