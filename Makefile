# Each target sets up what it needs: a virtual environment from the lock, then its own work.
VENV    := .venv
BIN     := $(VENV)/bin
PYTHON  ?= python3
READY   := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check golden bench bench-quick registry lock clean

help:  ## show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (set PYTHON=...)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

DEMO := NCT03986528

demo: $(READY)  ## ingest the bundled fixtures and show a study turn from Recruiting to Unknown
	@set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; export CTGOV_DB="$$folder/demo.db"; \
	say() { printf '\n# %s\n' "$$1"; }; \
	run() { printf '$$ ctgov-ingest %s\n' "$$*"; $(BIN)/ctgov-ingest "$$@"; }; \
	say "Five captures of one study: two saved pages, three answers of the API"; \
	run ingest fixtures/demo; \
	say "What was stored: four versions, since the fifth capture says nothing new"; \
	run history $(DEMO); \
	say "Its statuses. The registry itself turned it Unknown, with no update of the record"; \
	run timeline $(DEMO); \
	say "What the sponsor changed between the first and the second page"; \
	run diff $(DEMO) 1 2; \
	say "And the last change, of which no update date tells"; \
	run diff $(DEMO)

test: $(READY)  ## run all tests
	@$(BIN)/python -m pytest -q -n auto --dist worksteal

check: $(READY)  ## lint and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

golden: $(READY)  ## write the golden expectations and the pages of docs/ that are made, anew (fails: review what it wrote)
	@$(BIN)/python -m pytest -q tests/test_golden.py tests/test_digest.py tests/test_showing.py tests/test_report.py \
	    tests/test_presentations_page.py tests/test_tables_page.py --write-golden

bench: $(READY)  ## measure speed, memory and size against floors taken in the same run; writes docs/performance.md (5 GB)
	@$(BIN)/python -m benchmarks --studies 100000 --write docs/performance.md

bench-quick: $(READY)  ## the same with small bulk files; writes nothing
	@$(BIN)/python -m benchmarks

registry: $(READY)  ## serve a made-up registry on this machine, to try things on (Enter: a day passes)
	@$(BIN)/python -m tests.registry

lock: pyproject.toml  ## resolve the dependencies anew into requirements.lock
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv
	@$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-header --no-annotate --extra dev --output-file requirements.lock pyproject.toml requirements.build
	@rm -rf $(VENV)-lock

clean:  ## remove what the other targets made
	@rm -rf $(VENV) $(VENV)-lock build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
