# Every target does its own set-up: a fresh clone needs Python >= 3.11 and make, nothing else.

PYTHON ?= python3
ARGS ?=

# .venv belongs to the Python that made it; another one that PYTHON names gets .venv-3.13 or the like.
version = $(shell $(1) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
found = $(or $(shell .ci/find-python $(PYTHON)),$(PYTHON))
MADE_BY := $(call version,.venv/bin/python)
ifneq ($(origin PYTHON),file)
  NAMED := $(call version,$(found))
  $(if $(NAMED),,$(error PYTHON=$(PYTHON) does not run here))
endif
VENV := .venv$(if $(MADE_BY),$(addprefix -,$(filter-out $(MADE_BY),$(NAMED))))
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The suite starts the program hundreds of times: nobody waits for its compilation each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo run test check lint types house format bench chaos fuzz screenshots clean

help:
	@echo "make setup   install everything into $(VENV)"
	@echo "make demo    the whole bot on stand-ins, no account needed (ARGS=--once for one scripted round)"
	@echo "make test    the test suite (ARGS='-k words' for a part of it, PYTHON=python3.13 for another Python)"
	@echo "make check   lint, types, import contracts, tests"
	@echo "make chaos   ends the real bot 200 times in its work (ARGS='--kills N'), and shows what came of its jobs"
	@echo "make fuzz    20,000 files with mutated headers through intake (ARGS='ROUNDS SEED')"
	@echo "make screenshots   README's pictures of the demo's page, taken by the system's Chromium"
	@echo "make bench   the figures of the README's \"Measured\" section"

setup: $(READY)

$(BIN)/python:
	@$(found) -c 'import sys; sys.version_info < (3, 11) and sys.exit("Easel needs Python 3.11 or newer, and this is %d.%d; name one: make PYTHON=python3.13 ..." % sys.version_info[:2])'
	@$(found) -m venv --clear $(VENV)

# One whose Python went or was replaced is made anew.
ifeq ($(shell $(BIN)/python -c 'import pip; print("runs")' 2>/dev/null),)
.PHONY: $(BIN)/python
endif

$(READY): pyproject.toml requirements.lock $(BIN)/python
	@echo "Installing into $(VENV): once, for a minute or two."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable ".[dev]"
	@touch $(READY)

demo: $(READY)
	@$(BIN)/easel demo $(ARGS)

run: $(READY)
	@$(BIN)/easel run $(ARGS)

test: $(READY)
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

house: $(READY)
	$(BIN)/lint-imports --cache-dir $(VENV)/.import_linter_cache

check: lint types house test

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m bench $(ARGS)

chaos: $(READY)
	@$(BIN)/python -m tests.chaos $(ARGS)

fuzz: $(READY)
	@$(BIN)/python -m tests.imaging.uploads.fuzz $(ARGS)

screenshots: $(READY)
	@$(BIN)/python -m bench.screenshots

clean:
	rm -rf .venv .venv-* .mypy_cache .pytest_cache .ruff_cache .hypothesis
