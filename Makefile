# The commands of datong. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= $(shell n=$$(nproc 2>/dev/null || echo 1); [ "$$n" -le 4 ] || n=4; echo "$$n")

.PHONY: help setup develop demo test quick lint types lock bench clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready ## Make the virtual environment from the hashed lock file

develop: .venv/.develop ## The same with what tests and checks need

.venv/.ready: requirements.lock pyproject.toml tools/setup.sh
	PYTHON=$(PYTHON) sh tools/setup.sh requirements.lock
	@touch $@

.venv/.develop: requirements-dev.lock pyproject.toml tools/setup.sh
	PYTHON=$(PYTHON) sh tools/setup.sh requirements-dev.lock
	@touch $@ .venv/.ready

demo: setup ## Make the demonstration city and serve it on 127.0.0.1:8000
	$(BIN)/datong demo

test: develop lint types ## Everything that must hold before a change lands; JOBS=1 runs it in one process
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

quick: develop ## The quick loop: no browser, no PostgreSQL, no slow suites
	$(BIN)/python -m pytest -m "not slow and not browser and not postgres"

lint: develop ## Style and the order of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: develop ## mypy --strict
	$(BIN)/mypy

lock: ## Make the lock files anew (hashes only, no addresses)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q pyproject.toml --extra build -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q pyproject.toml --extra build --extra dev -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q pyproject.toml --extra build --extra dev --extra bench -o requirements-bench.lock

bench: develop ## Install what the benchmarks compare with, and list them
	$(BIN)/python -m pip install -q --require-hashes -r requirements-bench.lock
	@ls benchmarks/*.py

clean: ## Remove the virtual environment and the demonstration city
	rm -rf .venv var
