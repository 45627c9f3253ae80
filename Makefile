# Everything starts here. `setup` makes .venv once, by uv where it can be had, else by the platform's pip. Both compile
# what they install: where Python may not write bytecode, as in many containers, every start would compile it again.
PYTHON ?= python3
VENV := .venv
# One version of the installer, whenever somebody sets up; what it installs is pinned by hash in the lock file.
UV := 0.13.9
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup run test check lab bench mutants fuzz lint lock notebooks
.DEFAULT_GOAL := run

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Python 3.11 to 3.13 is needed; this is {v[0]}.{v[1]}. Say PYTHON=python3.11 make ...")'
	$(PYTHON) -m venv --clear $(VENV)
	@if $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV); then \
	  $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock && \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e . ; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e . ; \
	fi
	@touch $@

run: setup
	$(BIN)/workbench run

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile $(TESTS)

# The tests that need no browser, no cluster and no notebooks: under a minute.
check: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser and not slow" $(TESTS)

lab: setup
	$(BIN)/workbench lab

bench: setup
	PYTHONPATH=tools $(BIN)/python -m bench

# One-line changes that the tests should notice: how many do they?
mutants: setup
	PYTHONPATH=tools $(BIN)/python -m bench.mutants

# Altered files by the hundred, and what must hold whatever they are; FUZZ="--minutes 5 --seed 7" says how many.
fuzz: setup
	PYTHONPATH=tools $(BIN)/python -m fuzz $(FUZZ)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify notebooks/*.ipynb

# For maintainers: the lock file from the ranges in pyproject.toml, for all platforms and Pythons, without addresses.
lock: setup
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock
