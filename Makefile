# Everything from a fresh clone: `make run` serves a site, `make test` runs the tests.
# Needs only python3, make and a package index.
PYTHON ?= python3
export PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(VENV)/bin/pip --disable-pip-version-check

.PHONY: run setup test lint format messages bench bench-peers lock clean backup restore upgrade audit

run: setup
	@exec $(PY) manage.py quickstart

# Compiled once, or each of a site's processes does it again wherever Python was told to write no bytecode.
setup: $(VENV)/.run
	@$(PY) -m compileall -q blog comments config

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

bench: setup $(VENV)/.dev
	@$(PY) -m tests.benchmarks $(ARGS)

# Beside Puput, Mezzanine and django-comments-xtd, which it installs in environments of their own.
bench-peers: setup $(VENV)/.dev
	@$(PY) -m tests.benchmarks.peers $(ARGS)

lock: $(VENV)/.dev
	@$(VENV)/bin/uv pip compile pyproject.toml --extra postgres --extra redis --extra s3 $(LOCK) -o requirements/run.txt
	@$(VENV)/bin/uv pip compile pyproject.toml --extra postgres --extra redis --extra s3 --group dev $(LOCK) -o requirements/dev.txt

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --constraint requirements/constraints.txt --upgrade

# Whole site into one file; FILE=… and KEEP=… where and how many.
backup: setup
	@$(PY) manage.py backup $(FILE) --keep $(or $(KEEP),14)

# FILE=… says which; ARGS=--replace puts it in the place of the site that is here.
restore: setup
	@$(PY) manage.py restore $(FILE) $(ARGS)

# After new code was fetched. Each line has to succeed before the next is begun, so a failed check changes nothing that
# readers see. RELOAD is the command that starts the site anew, such as "sudo systemctl reload commonplace".
RELOAD ?= echo "Everything is in place. Now let the site take up the new code: sudo systemctl reload commonplace, or SIGHUP to its first process"
upgrade: setup
	@echo "== check"
	@$(PY) manage.py check --deploy --fail-level ERROR
	@echo "== backup"
	@$(PY) manage.py backup --keep $(or $(KEEP),14)
	@echo "== tables"
	@$(PY) manage.py migrate --no-input --verbosity 1
	@echo "== static files"
	@$(PY) manage.py collectstatic --no-input --verbosity 0
	@echo "== check again"
	@$(PY) manage.py check --database default --fail-level ERROR
	@$(RELOAD)

# Known holes in what is installed, as an advisory service on the internet has them; part of CI, where it can be reached.
audit: $(VENV)/.dev
	@.ci/audit

clean:
	@rm -rf $(VENV) staticfiles .pytest_cache .ruff_cache .hypothesis

# The words of the public site, for translators: collected anew from the code, then compiled. Needs gettext; what is compiled
# is committed, so that nobody else does. The admin is in English.
NOT_FOR_READERS := .venv tests/* var/* static/* templates/admin/* templates/markdownx/* templates/blog/receipt.html \
  templates/registration/two_factor.html blog/admin/* comments/admin/* */management/* */importers/* */exporters/* */receipt/* \
  */revisions/* */migrations/* */apps.py blog/models/* comments/models.py comments/ledger.py blog/addresses.py blog/paths.py \
  blog/colours.py blog/checks.py blog/drafts.py blog/remarks.py blog/pictures.py blog/elsewhere.py blog/library.py blog/moments.py blog/forms.py blog/formfields.py blog/raw_html.py config/two_factor.py
messages: setup
	@DATA_DIR=.venv/messages $(PY) manage.py makemessages --all --extension html,txt,css,xml,py --no-wrap --no-obsolete --add-location file $(foreach each,$(NOT_FOR_READERS),--ignore '$(each)')
	@DATA_DIR=.venv/messages $(PY) manage.py compilemessages --ignore .venv
