.PHONY: setup check test test-long fuzz demo dev eval bench docs page format

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export LANGGRAPH_STRICT_MSGPACK := true

PIP := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt

setup: .venv/ready

.venv/core: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) -e .
	touch $@

.venv/ready: .venv/core requirements/no-deps.txt
	$(PIP) -e '.[dev]'
	$(PIP) --no-deps -r requirements/no-deps.txt
	touch $@

demo: .venv/core
	$(BIN)/grym ask "Measure this mix, show me its spectrogram, and write a script that masters it to -14 LUFS and -1 dBTP" --audio demo/mix.flac

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup
	$(BIN)/pytest -n 2 --dist loadfile -m 'not long and not live and not gpu'

test-long: setup
	$(BIN)/pytest -m long --timeout 7200

fuzz: setup
	$(BIN)/python -m tests.hostile.fuzz --seconds 600

dev: setup
	$(BIN)/langgraph dev --host 127.0.0.1 --no-browser --no-reload --n-jobs-per-worker 32

eval: setup
	$(BIN)/grym eval all
	$(BIN)/python -m evals.residency
	$(BIN)/python -m evals.composing --briefs 40 --seed 3
	$(BIN)/python -m evals.mastering --sessions 10
	@test -n "$$GRYM_TEST_DATA" || echo "GRYM_TEST_DATA is not set: the recordings are skipped"
	@test -z "$$GRYM_TEST_DATA" || $(BIN)/grym eval music --dataset "$$GRYM_TEST_DATA"
	@test -z "$$GRYM_TEST_DATA" || $(BIN)/python -m evals.retrieval --dataset "$$GRYM_TEST_DATA"/memory/*.json --k 10

bench: setup
	$(BIN)/python -m evals.bench.record all

page:
	cd ui && npm ci --no-audit --no-fund && npm run build

docs: setup
	$(BIN)/python -m grym_synth.reference docs

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
