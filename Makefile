# The one menu of commands. Each does all its own set-up, in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this menu
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Leadline needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/runs: $(VENV)/made requirements.lock pyproject.toml
	@echo "Installing what Leadline runs on ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/tests: $(VENV)/made requirements-dev.lock pyproject.toml
	@echo "Installing what Leadline and its tests run on ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/runs

.PHONY: demo
demo: $(VENV)/runs ## Build the demo company and answer for a rep, in English and in Chinese
	@$(BIN)/leadline demo
	@for question in "which leads should I call today" "今天我该给哪些线索打电话"; do \
	  echo; echo "\$$ leadline ask --as rep:R001 \"$$question\""; $(BIN)/leadline ask --as rep:R001 "$$question"; done
	@echo
	@echo "Ask more:        $(BIN)/leadline ask --as rep:R001 \"top five leads\""
	@echo "As a manager:    $(BIN)/leadline ask --as manager:R047 \"which leads should my team call today\""
	@echo "Your own export: $(BIN)/leadline import --help"
	@echo "Slack, here:     $(BIN)/leadline fake-slack    (then, in another terminal, what it prints)"
	@echo "Slack, yours:    $(BIN)/leadline manifest --socket-mode    (README: Connect Slack)"

.PHONY: test
test: $(VENV)/tests ## Run the whole suite
	@$(BIN)/python -m pytest -n 2

.PHONY: check
check: $(VENV)/tests ## Lint, types, import rules and the whole suite: what lands
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

.PHONY: bench
bench: $(VENV)/tests ## Measure answers, KPIs, Slack and the lead score, side by side
	@$(BIN)/python -P tests/benchmarks/bench_answers.py
	@$(BIN)/python -P tests/benchmarks/bench_names.py
	@$(BIN)/python -P tests/benchmarks/bench_reading.py
	@$(BIN)/python -P tests/benchmarks/bench_kpis.py
	@$(BIN)/python -P tests/benchmarks/bench_unusual.py
	@$(BIN)/python -P tests/benchmarks/bench_forecast.py
	@$(BIN)/python -P tests/benchmarks/bench_summary.py
	@$(BIN)/python -P tests/benchmarks/bench_slack.py
	@$(BIN)/python -P tests/benchmarks/soak_subscriptions.py --subscriptions 200 --people 100 --kills 6
	@$(BIN)/python -P tests/benchmarks/bench_lead_score.py

EVAL_HOME := .leadline/eval

$(EVAL_HOME)/built: $(VENV)/runs $(wildcard analytics/demo/*.py)
	@LEADLINE_HOME=$(EVAL_HOME) $(BIN)/leadline demo --today 2026-11-23
	@touch $@

.PHONY: eval
eval: $(EVAL_HOME)/built ## Ask the golden questions, then the unseen ones (as counts)
	@for file in english chinese; do \
	  echo; echo "$$file.jsonl"; LEADLINE_HOME=$(EVAL_HOME) $(BIN)/leadline eval --show 5 tests/golden/$$file.jsonl || exit $$?; done
	@echo; echo "unseen.jsonl"; LEADLINE_HOME=$(EVAL_HOME) $(BIN)/leadline eval --counts-only tests/golden/unseen.jsonl

.PHONY: soak
soak: $(VENV)/tests ## Slack at its ceiling, a thousand subscriptions due at once, workers killed
	@$(BIN)/python -P tests/benchmarks/soak_slack.py
	@$(BIN)/python -P tests/benchmarks/soak_subscriptions.py

.PHONY: readme
readme: $(VENV)/tests ## Write the README's transcripts anew from what its commands print
	@$(BIN)/python tests/house/transcripts.py

.PHONY: format
format: $(VENV)/tests ## Format the code
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

.PHONY: lock
lock: $(VENV)/tests ## Resolve the dependencies anew into the lock files
	@for files in "requirements.lock --group build" "requirements-dev.lock --group build --group test"; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header pyproject.toml --output-file $$files; done

.PHONY: clean
clean: ## Remove what was installed and built
	@rm -rf $(VENV) .leadline build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
