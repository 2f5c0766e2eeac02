.PHONY: setup check test test-long demo dev eval format

PYTHON ?= python3.11
BIN := .venv/bin

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup
	$(BIN)/pytest -m 'not long and not live and not gpu'

test-long: setup
	$(BIN)/pytest -m long --timeout 7200

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
