# Two commands: `make run` starts the service, `make test` checks everything. `make help` lists the rest.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= $(shell sh scripts/find-python.sh)
BIN := .venv/bin
SETUP = $(PYTHON) scripts/setup.py
NPM = $(PYTHON) scripts/setup.py npm
SOURCES := app routing knowledge_base models migrations benchmarks scripts tests
PYTEST := env OMP_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false $(BIN)/pytest
WORKERS ?= 2

##@ Start

.PHONY: run
run: ## install what is missing, prepare the demo bank, serve on 127.0.0.1:8000 (PORT=… overrides)
	@$(SETUP) run-deps
	@exec $(BIN)/switchboard serve --prepare

.PHONY: up down
up: ## start everything in containers (docker compose)
	docker compose up --build --detach
down: ## stop the containers, keep their data
	docker compose down

##@ Check

.PHONY: test
test: ## install test tools, find or start PostgreSQL, Redis and Chromium, then `make check`
	@$(SETUP) test-deps
	@$(BIN)/python -m scripts.services -- $(MAKE) check

.PHONY: check
check: lint types contracts web-check tests ## lint, types, contracts, web and tests with what is set up already

.PHONY: lint format types contracts
lint: ## ruff, rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
format: ## let ruff rewrite
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
types: ## mypy --strict over everything, tests included
	$(BIN)/mypy $(SOURCES)
contracts: ## who may import whom
	$(BIN)/lint-imports

.PHONY: web-check
web-check: ## types, lint and tests of web/
	@$(NPM) run check
	@$(NPM) test

.PHONY: tests unit guards slow nightly
tests: ## pytest, everything but nightly
	$(PYTEST) -n $(WORKERS) -m "not nightly"
unit: ## the fast floor: pure rules and guards, seconds
	$(PYTEST) -q tests/unit tests/architecture
guards: ## the architecture guards alone
	$(PYTEST) -q tests/architecture
slow: ## only the tests marked slow
	@$(BIN)/python -m scripts.services -- $(PYTEST) -q -m "slow and not nightly"
nightly: ## the tests that take minutes
	@$(BIN)/python -m scripts.services -- $(PYTEST) -q -m nightly

##@ Work

.PHONY: generate migrate revision train evaluate index web bench
generate: ## write the reference pages of docs/ from the code
	$(BIN)/python -m scripts.generate
migrate: ## bring the database to the newest revision
	$(BIN)/switchboard migrate
revision: ## draft a migration from the tables: make revision m="add column"
	$(BIN)/alembic revision --autogenerate -m "$(m)"
train: ## train the intent classifier (DATA=file.csv for your own data)
	$(BIN)/switchboard train $(if $(DATA),--data $(DATA))
evaluate: ## accuracy, macro F1 and confusion of the intent classifier
	$(BIN)/switchboard evaluate
index: ## rebuild the knowledge index
	$(BIN)/switchboard reindex
web: ## build the chat widget and the console again
	@$(SETUP) web
bench: ## measure: make bench NAME=path
	$(BIN)/switchboard bench $(or $(NAME),path)

##@ Tidy

.PHONY: clean help
clean: ## remove what was built; .venv and var/ stay
	rm -rf build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	rm -rf web/dist web/node_modules htmlcov test-results
	find app routing knowledge_base models migrations benchmarks scripts tests -name __pycache__ -prune -exec rm -rf {} +
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
