# make verify   a virtual environment, the package, and the catalogue verified
# make proofs   Coq if need be (as root, on Debian), and the machine-checked proofs
# make test     everything that CI checks

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml constraints.txt _version.py

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: verify proofs test clean

verify: $(VENV)/.installed
	$(BIN)/landtheory verify two-layer $(ARGS)

proofs: $(VENV)/.installed
	@$(BIN)/landtheory prove --install
	$(BIN)/landtheory prove --check $(ARGS)

test: $(VENV)/.tested
	mkdir -p .cache/types && ln -sfn ../.. .cache/types/landtheory
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if said=$$($(BIN)/landtheory prove --install 2>&1); then \
	  echo '$(BIN)/landtheory prove --check'; $(BIN)/landtheory prove --check; \
	else echo "proofs: not checked on this machine: $${said#landtheory: }"; fi
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 -q $(ARGS)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "landtheory needs Python 3.11 or newer: make PYTHON=python3.11 …" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python $(SOURCES)
	$(BIN)/python -m pip install -q -c constraints.txt setuptools wheel
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf $(VENV) .cache build dist *.egg-info
