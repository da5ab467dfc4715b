# The commands of datong. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup demo test quick lint types lock bench clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready ## Make the virtual environment from the hashed lock file

.venv/.ready: requirements-dev.lock pyproject.toml tools/setup.sh
	PYTHON=$(PYTHON) sh tools/setup.sh
	@touch $@

demo: setup ## Make the demonstration city and serve it on 127.0.0.1:8000
	$(BIN)/datong demo

test: setup lint types ## Everything that must hold before a change lands
	$(BIN)/python -m pytest

quick: setup ## The quick loop: no browser, no PostgreSQL, no slow suites
	$(BIN)/python -m pytest -m "not slow and not browser and not postgres"

lint: setup ## Style and the order of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: setup ## mypy --strict
	$(BIN)/mypy

lock: ## Make the lock files anew (hashes only, no addresses)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q pyproject.toml --extra dev -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q pyproject.toml --extra dev --extra bench -o requirements-bench.lock

bench: setup ## Install what the benchmarks compare with, and list them
	$(BIN)/python -m pip install -q --require-hashes -r requirements-bench.lock
	@ls benchmarks/*.py

clean: ## Remove the virtual environment and the demonstration city
	rm -rf .venv var
