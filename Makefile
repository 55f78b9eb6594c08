# Every target does its own set-up: a fresh clone needs Python >= 3.11 and make, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=

.PHONY: help setup demo run test check lint types house format bench chaos clean

help:
	@echo "make setup   install everything into $(VENV)"
	@echo "make demo    the whole bot on stand-ins, no account needed (ARGS=--once for one scripted round)"
	@echo "make test    the test suite (ARGS='-k words' for a part of it)"
	@echo "make check   lint, types, import contracts, tests"
	@echo "make chaos   200 kills of the real bot (ARGS='--kills N'), and what they left behind"
	@echo "make bench   the figures of the README's \"Measured\" section"

setup: $(READY)

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Easel needs Python 3.11 or newer; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
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

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
