# Everything from a fresh clone: `make run` serves a site, `make test` runs the tests.
# Needs only python3, make and a package index.
PYTHON ?= python3
export PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(VENV)/bin/pip --disable-pip-version-check

.PHONY: run setup test lint format bench lock clean

run: setup
	@exec $(PY) manage.py quickstart

setup: $(VENV)/.run

# The stamps say which requirement file the environment was last made from.
$(VENV)/.run: requirements/run.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the site needs …"
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what the tests need …"
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

test: $(VENV)/.dev
	@$(PY) -m pytest -n auto --dist loadgroup $(ARGS)
	@$(PY) -m tests.second_database $(ARGS)

lint: $(VENV)/.dev
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/djlint --quiet --lint templates
	@$(PY) manage.py makemigrations --check --dry-run --verbosity 0

format: $(VENV)/.dev
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

lock: $(VENV)/.dev
	@$(VENV)/bin/uv pip compile pyproject.toml --extra postgres --extra redis $(LOCK) -o requirements/run.txt
	@$(VENV)/bin/uv pip compile pyproject.toml --extra postgres --extra redis --group dev $(LOCK) -o requirements/dev.txt

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --constraint requirements/constraints.txt --upgrade

clean:
	@rm -rf $(VENV) staticfiles .pytest_cache .ruff_cache .hypothesis
