# What a person does here. `make demo` and `make test` need nothing but a clone.
SYSTEM_PYTHON ?= python3
BASE          ?= debian:bookworm-slim
LOCAL_BASE    := humaneval-x-base:bookworm
PYTHON        := .venv/bin/python
PIP           := $(PYTHON) -m pip install -q --disable-pip-version-check

.PHONY: help demo test test-all lint bench sandbox image image-offline ground-truth doctor clean

help:            ## show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 16

.venv/.core: pyproject.toml requirements/core.txt
	@$(SYSTEM_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "Python 3.10 or newer is needed: make SYSTEM_PYTHON=python3.11"; exit 2; }
	@$(SYSTEM_PYTHON) -m venv .venv >/dev/null 2>&1 || { scripts/apt python3-venv && $(SYSTEM_PYTHON) -m venv .venv; }
	@$(PIP) -r requirements/core.txt
	@$(PIP) --no-deps -e . 
	@touch $@

.venv/.dev: .venv/.core requirements/dev.txt
	@$(PIP) -r requirements/dev.txt
	@touch $@

.venv/.model: .venv/.core requirements/model.txt
	@$(PIP) -r requirements/model.txt
	@touch $@

demo: sandbox    ## judge the shipped samples in all five languages: the table in the README
	@$(PYTHON) evaluate.py run examples/demo_samples.jsonl --output results/demo --k 1,5

test: .venv/.dev sandbox   ## set up and run the tests (PYTEST="-k word" for some of them)
	@$(PYTHON) -m pytest $(PYTEST)

test-all: .venv/.dev .venv/.model sandbox ## the same with the model's tests (installs PyTorch)
	@$(PYTHON) -m pytest $(PYTEST)

lint: .venv/.dev .venv/.model ## style, formatting of imports, types
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy

bench: .venv/.core sandbox ## measure throughput against the plain tools, in one sitting
	@$(PYTHON) benchmarks/throughput.py

sandbox: .venv/.core ## make sure of a sandbox: Docker's image, or bubblewrap and the toolchains
	@scripts/sandbox

image: .venv/.core ## build the jail's image (BASE=... for another base)
	@scripts/image $(BASE)

image-offline: .venv/.core ## the same where no image registry is reached: the base by debootstrap
	@scripts/base-image $(LOCAL_BASE)
	@scripts/image $(LOCAL_BASE)

ground-truth: sandbox ## judge the official canonical solutions; exactly the declared defects may fail
	@$(PYTHON) evaluate.py ground_truth

doctor: .venv/.core ## say what is installed, what is missing and what to do
	@$(PYTHON) evaluate.py doctor

clean:           ## remove what was built here
	rm -rf .venv results build dist .pytest_cache .mypy_cache .ruff_cache
