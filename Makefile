# Every task of this repository; `make help` lists them.

PORT ?= 8000
# The first Python on the PATH that is new enough (Ubuntu 22.04's own is not).
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	if command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))'; \
	then echo $$name; break; fi; done)
ifeq ($(strip $(PYTHON)),)
$(error Python 3.11 or newer is needed. On Debian or Ubuntu: apt-get install python3 python3-venv)
endif

VENV := .venv/bin
export PYTHONUTF8 := 1
.DEFAULT_GOAL := help
.PHONY: help run setup dev test check bench api lock format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## Set everything up and start the demo on http://127.0.0.1:8000 (PORT changes it)
	@exec $(VENV)/python -m backend.serve --demo --port $(PORT)

setup: ## Install packages and build both front ends (run does this too)
	@$(PYTHON) -m tools.setup run

dev: ## Install what the checks and tests need on top
	@$(PYTHON) -m tools.setup dev

test: ## Run every check and test, installing what they need
	@$(PYTHON) -m tools.test_run

check: dev ## Quick checks: ruff, import rules, types, FAQ content
	@$(PYTHON) -m tools.check

bench: dev setup ## Measure against the ceilings and rewrite docs/benchmarks.md
	@$(VENV)/python -m tests.bench

api: dev ## Regenerate openapi.json and the mini-program's types from the code
	@$(PYTHON) -m tools.api_types

lock: ## Renew the locked versions of Python and npm packages
	@$(PYTHON) -m tools.setup python
	@$(PYTHON) -m tools.lock

format: ## Sort imports, fix what can be fixed, format
	@$(PYTHON) -m tools.setup python
	@$(VENV)/ruff check --fix --quiet .
	@$(VENV)/ruff format --quiet .

clean: ## Remove everything the other targets made, except the data in var/
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		miniprogram/node_modules miniprogram/dist backend/desk/node_modules \
		backend/desk/static/vendor tools/chromium/node_modules tests/browser/node_modules
