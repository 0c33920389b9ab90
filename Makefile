# Every command there is. `make demo` and `make test` work on a fresh machine with Python 3.11 or newer.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   ?= demo
PEERS  := .venv-peers
BENCH  ?= bench
PAGE   := src/etappe/server/page/index.html
WEB    := $(shell find web/src web/public web/index.html web/package-lock.json web/vite.config.ts -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup page demo test check page-check screenshots bench openapi docs lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.done: requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("etappe needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src/etappe
	@touch $@

setup: $(VENV)/.done ## set up everything into .venv; the command is .venv/bin/etappe

$(PAGE): $(WEB)
	@if command -v npm >/dev/null; then cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build; \
	else echo "Node.js is not here: the page is not built, commands and API work without it"; fi

page: $(PAGE) ## the page, built into the package (needs Node.js 20 or newer)

demo: setup $(PAGE) ## the sample company: exports written, imported, built, and the page opened on it
	$(BIN)/etappe demo $(DEMO)

test: setup ## all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

check: setup ## formatting, lint, types, floors
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/mypy
	$(BIN)/lint-imports

page-check: $(PAGE) ## types, lint and component tests of the page
	cd web && npm run --silent check

screenshots: setup $(PAGE) ## pictures of every view, German and English, light and dark, wide and narrow, into shots/
	test -d $(DEMO)/workspace || $(BIN)/etappe demo $(DEMO) --no-serve
	$(BIN)/python -m tests.browser.screenshots $(DEMO)/workspace shots --keep docs/pictures

bench: setup $(PAGE) $(PEERS)/.done ## benchmarks against plain DuckDB and other tools; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks --folder $(BENCH) --keep
	$(BIN)/python -m benchmarks.analyses $(BENCH)
	$(BIN)/python -m benchmarks.checks $(BENCH)
	$(BIN)/python -m benchmarks.maps
	test -d $(DEMO)/workspace || $(BIN)/etappe demo $(DEMO) --no-serve
	$(BIN)/python -m benchmarks.views $(DEMO)/workspace
	$(BIN)/python -m benchmarks.views $(BENCH)/workspace --times 1
	$(BIN)/python -m benchmarks.screen
	$(BIN)/python -m benchmarks.page_load $(DEMO)/workspace
	$(BIN)/python -m benchmarks.peers $(BENCH) --python $(PEERS)/bin/python

# Other tools are measured in a Python of their own; nothing of etappe imports them.
$(PEERS)/.done: requirements/peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt
	@touch $@

openapi: setup ## write web/openapi.json, the description of the API, from the code
	$(BIN)/python -m etappe.server.openapi web/openapi.json

docs: setup ## print the reference pages and the truth table from the code
	$(BIN)/python -m docs.generate

lock: ## lock the dependencies anew (needs uv)
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements/dev.txt
	uv pip compile requirements/peers.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/peers.txt
	printf 'hatchling\neditables\nhatch-jupyter-builder\n' | uv pip compile - --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements/build.txt

clean: ## remove what was set up and the sample company
	rm -rf $(VENV) $(DEMO) web/node_modules src/etappe/server/page .pytest_cache .ruff_cache .mypy_cache .hypothesis
