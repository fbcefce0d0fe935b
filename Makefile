# Two commands are enough: `make demo` and `make test`. Both need only make and Python 3.11 to 3.14.

.DEFAULT_GOAL := help
.PHONY: help demo demo-year packages test e2e bench bench-slas lint format reset lock

PORT ?= 8000
export PORT

# The first Python that will do; if none does, python3, which then says so.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null \
	&& echo $$python && exit; done; echo python3)

VENV := .venv/bin
BOOTSTRAP = @$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null || { echo "There is no $(PYTHON), or it is too old to say so itself: install Python 3.11 to 3.14, then run make again." >&2; exit 1; }; \
	$(PYTHON) servicedesk/bootstrap.py
# Gives a command DATABASE_URL and REDIS_URL, from private servers under .local/ where they are not set.
LOCALLY = $(VENV)/python -m servicedesk.local exec
# Compiled tests are kept, whatever the environment says of it: compiling them takes ten seconds.
TESTS = PYTHONDONTWRITEBYTECODE= DJANGO_SETTINGS_MODULE=servicedesk.settings.test $(LOCALLY) --test --

CODE := people calendars catalogue requests_app slas feedback notices servicedesk manage.py gunicorn.conf.py
# What production asks for, with names that lead nowhere: the checks look at settings alone.
NOWHERE = DATABASE_URL=postgresql://desk@db.example/desk REDIS_URL=redis://broker.example/0
AS_IN_PRODUCTION = DJANGO_SETTINGS_MODULE=servicedesk.settings.production $(NOWHERE) \
	SECRET_KEY="$$($(VENV)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	ALLOWED_HOSTS=desk.example BASE_URL=https://desk.example EMAIL_HOST=mail.example \
	DEFAULT_FROM_EMAIL=desk@desk.example

help: ## this list
	@grep -E '^[a-z0-9-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z0-9-]+):[^#]*## /  make \1|/' | column -t -s '|'

demo: ## the desk with three months of a believable company, at http://localhost:8000 (PORT=...)
	$(BOOTSTRAP) requirements/local.txt --port "$(PORT)"
	@$(LOCALLY) -- $(VENV)/python -m servicedesk.supervisor

demo-year: ## the same with a year of it (needs an empty database: make reset)
	$(BOOTSTRAP) requirements/local.txt --port "$(PORT)"
	@$(LOCALLY) -- $(VENV)/python -m servicedesk.supervisor --year

packages: ## only what all the others do first: .venv with everything they need
	$(BOOTSTRAP) requirements/dev.txt

test: ## all tests but those with a browser or with processes to kill (ARGS=... for pytest)
	$(BOOTSTRAP) requirements/dev.txt
	@$(TESTS) $(VENV)/pytest -n 2 --dist worksteal --durations 15 $(ARGS)

# Three at once on two cores, for much of it is waiting. Where ARGS name no files: all there are.
E2E = $(if $(filter tests/%,$(ARGS)),,tests/e2e tests/processes)
e2e: ## the tests with a browser (Chromium) and those with real processes (ARGS=...)
	$(BOOTSTRAP) requirements/dev.txt
	@$(TESTS) $(VENV)/pytest -n 3 --dist loadscope --no-loadscope-reorder --durations 30 -m "e2e or process" $(E2E) $(ARGS)

SIZE ?= 10000
bench: ## pages, sweep, seeding and importing among SIZE=10000 requests, in a database of its own
	$(BOOTSTRAP) requirements/local.txt
	@$(LOCALLY) -- $(VENV)/python -m benchmarks.bench --size "$(SIZE)" $(ARGS)

bench-slas: ## what watching promises costs: business time, ticks, bursts, lag (a database of its own)
	$(BOOTSTRAP) requirements/local.txt
	@$(VENV)/python -m benchmarks.bench_worktime
	@$(LOCALLY) -- $(VENV)/python -m benchmarks.bench_slas $(ARGS)

# Side by side, and each one's output in one piece where make can do that (GNU make from 4.0 on).
SIDE_BY_SIDE = $(MAKE) --no-print-directory --keep-going -j 4 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
LINTS := lint-types lint-style lint-django lint-advisories
.PHONY: $(LINTS)

lint: ## ruff, mypy, the arrows between the packages, templates, migrations, bandit, advisories
	$(BOOTSTRAP) requirements/dev.txt
	@$(SIDE_BY_SIDE) $(LINTS)

lint-types:
	DJANGO_SETTINGS_MODULE=servicedesk.settings.test $(NOWHERE) $(VENV)/mypy

lint-style:
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports --cache-dir .local/import_linter_cache
	$(VENV)/bandit --quiet --configfile pyproject.toml --recursive $(CODE)

lint-django:
	@env $(AS_IN_PRODUCTION) $(VENV)/python manage.py check --deploy --fail-level WARNING
	@$(TESTS) sh -ec '\
	  $(VENV)/python manage.py check --fail-level WARNING; \
	  $(VENV)/python manage.py check_templates; \
	  $(VENV)/python manage.py makemigrations --check --dry-run'

lint-advisories:
	$(VENV)/python -m servicedesk.advisories requirements/production.txt

format: ## let ruff sort the imports and lay out the code
	$(BOOTSTRAP) requirements/dev.txt
	$(VENV)/ruff check --select I --fix .
	$(VENV)/ruff format .

reset: ## forget the demo's data (and those of the tests)
	$(BOOTSTRAP) requirements/local.txt
	@$(VENV)/python -m servicedesk.local reset && echo "The data are gone; make demo begins anew."

# For all platforms and Pythons, with hashes, from the registry's own index whatever this machine's
# configuration adds to it.
UV_COMPILE = cd requirements && env -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
	uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" ../pyproject.toml

lock: ## write requirements/*.txt anew (needs uv; UPGRADE=--upgrade for newer versions)
	$(UV_COMPILE) $(UPGRADE) -o production.txt
	$(UV_COMPILE) $(UPGRADE) --extra local -c production.txt -o local.txt
	$(UV_COMPILE) $(UPGRADE) --extra local --extra dev -c local.txt -o dev.txt
