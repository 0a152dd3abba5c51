# GNU make, Linux and macOS. `make` alone lists the targets.
# Every target makes .venv when it is missing or older than its lock.

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
LITE := .venv-lite/.ready
BENCH := .venv-bench/.ready
KATEX := web/node_modules/.package-lock.json
LIGHTHOUSE := web/audit/node_modules/.package-lock.json
UV_VERSION := $(shell sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements.txt)
PORT ?= 8000

# `make book SOLUTIONS=no` leaves out the cells tagged "solution".
SOLUTIONS ?= yes
export SOLUTIONS

# Where `make site` takes Python for the browser from: a folder that holds a whole
# Pyodide, `cdn`, or, if not given, fetched and verified. For that target alone: mypy
# takes a PYODIDE in its environment for the platform to check for.
PYODIDE ?=
unexport PYODIDE

# Where `make bench` takes PyTorch from: the address of an index with builds for
# processors alone saves 5 GB of what only a graphics card needs. And its options:
# `make bench ARGS="--resume FILE"`.
TORCH_INDEX ?=
ARGS ?=

# Where the book will be published: `make book SITE_URL=https://example.org/course/`.
SITE_URL ?=
export SITE_URL

# An activated environment or a user's own packages must not leak in.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH UV_PYTHON MPLBACKEND
export PYTHONNOUSERSITE := 1
export JUPYTER_PREFER_ENV_PATH := 1
# One thread for sums: what a page prints must not depend on the core count.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export VECLIB_MAXIMUM_THREADS := 1

.PHONY: help book pdf site lab serve audit links bench test check chapters lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1|/p' $(MAKEFILE_LIST) | \
	  while IFS='|' read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

book: $(READY) $(KATEX) ## build the HTML book into _build/html
	@$(PY) web/book.py

pdf: book ## print the whole book, _build/pdf/backpropagation.pdf (needs Chromium)
	@$(PY) web/pdf.py

site: $(READY) $(KATEX) $(LITE) ## the book, and notebooks that run in the browser (PYODIDE=path|cdn)
	@cd web && PYODIDE='$(PYODIDE)' $(CURDIR)/$(PY) -m lite

# What a student has written in work/ is never written over, nor removed by `clean`.
lab: $(READY) ## JupyterLab on the students' notebooks, in work/ (LAB="--no-browser")
	@if [ -d work ]; then \
	  echo "Opening work/ as it is; move it away to begin with fresh notebooks"; \
	else $(PY) -m course release work; fi
	@cd work && $(CURDIR)/$(VENV)/bin/jupyter lab $(LAB)

serve: book ## build the book and serve it on this machine (PORT=8000)
	@echo "Serving http://127.0.0.1:$(PORT)/ until Ctrl-C"
	@$(PY) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

links: $(READY) $(KATEX) ## look up the links to other sites (needs the internet)
	@$(PY) web/links.py

audit: book $(LIGHTHOUSE) ## hold the pages to Lighthouse's scores (needs Chromium)
	@$(PY) web/lighthouse.py

bench: $(BENCH) ## time backprop beside its peers, 15 minutes (TORCH_INDEX=, ARGS=)
	@.venv-bench/bin/python -m benchmarks $(ARGS)

test: book ## run every test, and every chapter against its stored outputs
	@$(PY) -m pytest tests chapters --nbval --nbval-current-env \
	  -n 2 --dist loadfile --cov=backprop --cov-fail-under=98

check: $(READY) ## formatting, lint (notebooks too) and types
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy

chapters: $(READY) ## execute the chapters and store their outputs
	@$(PY) web/execute.py

lock: $(READY) ## compile requirements.txt from pyproject.toml
	@$(VENV)/bin/uv pip compile --universal --python-version 3.11 \
	  --extra dev pyproject.toml -o requirements.txt
	@$(VENV)/bin/uv pip compile --universal --python-version 3.11 --extra bench \
	  --constraint requirements.txt pyproject.toml -o benchmarks/requirements.txt
	@$(VENV)/bin/uv pip compile --universal --python-version 3.11 \
	  web/lite/requirements.in -o web/lite/requirements.txt
	@$(VENV)/bin/uv pip compile --universal --python-version 3.11 --extra lab \
	  --constraint requirements.txt pyproject.toml -o binder/requirements.txt

clean: ## remove all that make has made, .venv included
	rm -rf $(VENV) .venv-lite .venv-bench _build web/node_modules web/audit/node_modules \
	  .coverage .coverage.* \
	  .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(KATEX): web/package-lock.json web/package.json web/assets.py | $(READY)
	@echo "Fetching KaTeX as web/package-lock.json pins it"
	@$(PY) web/assets.py
	@touch $@

# JupyterLite has an environment of its own: what it would add to a JupyterLab in
# .venv, and find there, is not wanted.
$(LITE): web/lite/requirements.txt | $(READY)
	@echo "Installing JupyterLite into .venv-lite"
	@$(VENV)/bin/uv venv --quiet --allow-existing --python $(PY) .venv-lite
	@$(VENV)/bin/uv pip sync --quiet --python .venv-lite/bin/python $<
	@touch $@

# The lock as constraints: which other packages PyTorch needs depends on its index.
$(BENCH): benchmarks/requirements.txt pyproject.toml | $(READY)
	@echo "Installing the peers into .venv-bench (some 6 GB, unless TORCH_INDEX says where)"
	@$(VENV)/bin/uv venv --quiet --allow-existing --python $(PY) .venv-bench
	@$(VENV)/bin/uv pip install --quiet --python .venv-bench/bin/python \
	  --constraint benchmarks/requirements.txt \
	  $(if $(TORCH_INDEX),--index '$(TORCH_INDEX)') --editable '.[bench]'
	@touch $@

$(LIGHTHOUSE): web/audit/package-lock.json web/audit/package.json | $(READY)
	@echo "Fetching Lighthouse as web/audit/package-lock.json pins it"
	@$(PY) web/assets.py web/audit
	@touch $@

# Find a Python that will do, make .venv with it, fill it from the lock.
$(READY): requirements.txt pyproject.toml
	@in_range='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'; \
	python=; \
	for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if "$$candidate" -c "$$in_range" 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "This book needs Python 3.11, 3.12 or 3.13; found: $$(python3 --version 2>&1)." >&2; \
	  echo "Name another one with: make PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	if ! $(PY) -c "$$in_range" 2>/dev/null; then \
	  if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
	    echo "$$python lacks the venv module. On Debian and Ubuntu:" >&2; \
	    echo "  sudo apt-get install -y python3-venv" >&2; exit 1; \
	  fi; \
	  echo "Making $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv --clear $(VENV); \
	fi
	@echo "Installing the locked packages into $(VENV) (a minute or two at first)"
	@$(PY) -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@$(VENV)/bin/uv pip install --quiet --python $(PY) -r requirements.txt
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --no-deps --editable .
	@touch $@
