# Needs Python 3.11, make and git; everything else goes into .venv. `make help` lists the targets.
#
#   PORT=9000 make run             another port
#   make run HOST=0.0.0.0          another address (not read from the environment, where HOST means many things)
#   make test PYTEST_ARGS="-n 0 -x"   anything for pytest; by default a process for each core
#   make mutation ROOMS="pricing.life pricing.mba"   some modules and packages alone
#   make bench BENCH="rolls_as_csv"   some of the benchmarks
#   make setup PYTHON=/path/to/python3.11

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test check openapi bench mutation lock clean FORCE

HOST = 127.0.0.1
PORT ?= 8000
PYTHON =
PYTEST_ARGS = -n auto
BENCH =
LOCK_ARGS =
ROOMS =

BIN := .venv/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-input
# What is never imported is never compiled: half the time of an install. What is imported is compiled once, even where
# the environment says that bytecode is not to be kept: every process would compile it all again.
export PYTHONDONTWRITEBYTECODE :=
LOCKED := $(PIP_INSTALL) --no-compile --require-hashes --only-binary :all:

# Scripts and the editable install hold absolute paths, so an environment that was moved, or lost its Python, is made
# anew.
stale = $(shell [ -x $(1)/bin/python ] && [ "$$(cat $(1)/.location 2>/dev/null)" = "$$(pwd -P)" ] || echo yes)
STALE := $(call stale,.venv)
STALE_LINT := $(call stale,.venv-lint)
STALE_BENCH := $(call stale,.venv-bench)
STALE_FIELD := $(call stale,.venv-field)
STALE_RAY := $(call stale,.venv-ray)

# The shell lines that put a Python 3.11 into $$python, or stop.
define find_python
	python=; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3.11 python3 python); do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then \
			python=$$candidate; break; \
		fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "rielquote needs Python 3.11: $(if $(PYTHON),$(PYTHON) is not one,none found as python3.11 or python3)." \
			"Install it, or name it: make setup PYTHON=/path/to/python3.11" >&2; \
		exit 1; \
	fi
endef

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

setup: .venv/.project ## make a complete .venv from the locked dependencies

# Each mark is written last: an interrupted setup leaves none and is done again.
.venv/.dependencies: requirements/dev.lock $(if $(STALE),FORCE)
	@$(find_python); \
	echo "Making .venv with the locked dependencies (about half a minute)"; \
	set -e; \
	rm -rf .venv; \
	"$$python" -m venv .venv; \
	$(BIN)/python $(LOCKED) -r requirements/dev.lock; \
	pwd -P > .venv/.location; \
	touch $@

# The install knows each top-level package by name, so a new one (an __init__.py) installs again.
.venv/.project: .venv/.dependencies pyproject.toml requirements/runtime.in $(wildcard */__init__.py)
	@$(BIN)/python $(PIP_INSTALL) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## serve on 127.0.0.1:8000 (or PORT, HOST)
	@exec $(BIN)/rielquote serve --host "$(HOST)" --port "$(PORT)"

check: setup ## lint, formatting, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check .venv-lint/.dependencies .venv-field/.dependencies .venv-ray/.dependencies ## the checks, then every test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# The shell lines that make an environment beside .venv: its name, and what is in it.
define beside
	@$(find_python); \
	echo "Making .venv-$(1) with $(2) (about half a minute)"; \
	set -e; \
	rm -rf .venv-$(1); \
	"$$python" -m venv .venv-$(1); \
	.venv-$(1)/bin/python $(LOCKED) -r requirements/$(1).lock; \
	pwd -P > .venv-$(1)/.location; \
	touch $@
endef

# What tests/deploy lints the Dockerfile and the manifests with.
.venv-lint/.dependencies: requirements/lint.lock $(if $(STALE_LINT),FORCE)
	$(call beside,lint,the linters for Dockerfile and k8s)

# What tests/field holds our formulas against.
.venv-field/.dependencies: requirements/field.lock $(if $(STALE_FIELD),FORCE)
	$(call beside,field,chainladder and SciPy)

# What examples/roll_on_ray.py runs on: Ray, and rielquote beside it.
.venv-ray/.dependencies: requirements/ray.lock $(if $(STALE_RAY),FORCE)
	$(call beside,ray,Ray)
	@.venv-ray/bin/python $(PIP_INSTALL) --no-index --no-deps --no-build-isolation --editable . || { rm $@; exit 1; }

# What the benchmarks compare with.
.venv-bench/.dependencies: requirements/bench.lock $(if $(STALE_BENCH),FORCE)
	$(call beside,bench,polars and OpenFisca)

openapi: setup ## write the contract, openapi/openapi.json
	$(BIN)/rielquote openapi export openapi/openapi.json

bench: setup .venv-bench/.dependencies ## run the benchmarks, or those in BENCH
	$(BIN)/python -m bench $(BENCH)

mutation: setup ## break pricing/ line by line, and list what no test noticed
	$(BIN)/python -m tests.mutation $(ROOMS)

# uv asks the index that pip is set up for, by environment or pip.conf; the locks name none.
# Versions that still fit are kept: `make lock LOCK_ARGS=--upgrade` takes the newest, LOCK_ARGS="--upgrade-package NAME"
# the newest of one.
COMPILE := .venv-lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

lock: .venv-lock/.dependencies ## resolve requirements/*.in into hash-locked requirements/*.lock
	@set -e; \
	index=$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$(.venv-lock/bin/python -m pip config get global.index-url 2>/dev/null || :)}}; \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	for name in lock "runtime otel" dev build lint field bench ray; do \
		$(COMPILE) $(LOCK_ARGS) $$(printf 'requirements/%s.in ' $$name) --output-file requirements/$${name%% *}.lock; \
	done

.venv-lock/.dependencies: requirements/lock.lock
	@$(find_python); \
	set -e; \
	rm -rf .venv-lock; \
	"$$python" -m venv .venv-lock; \
	.venv-lock/bin/python $(LOCKED) -r requirements/lock.lock; \
	touch $@

clean: ## remove the environments, caches and build output (never a database)
	rm -rf .venv .venv-lint .venv-field .venv-bench .venv-ray .venv-lock build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache \
		.hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
