# What a person does here. `make demo` and `make test` need nothing but a clone.
SYSTEM_PYTHON ?= python3
BASE          ?= debian:bookworm-slim
LOCAL_BASE    := humaneval-x-base:bookworm
PYTHON        := .venv/bin/python
PIP           := $(PYTHON) -m pip install -q --disable-pip-version-check

.PHONY: help demo test test-all test-rewards test-mindspore test-engines lint bench attacks sandbox image image-offline ground-truth report-demo problems leaderboard-check \
        leaderboard-site leaderboard-submission leaderboard-comment doctor clean

help:            ## show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 16

# What an ordinary user has to ask for is said at once: the toolchains too where no Docker engine answers.
.venv/.core: pyproject.toml requirements/core.txt
	@$(SYSTEM_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "Python 3.10 or newer is needed: make SYSTEM_PYTHON=python3.11"; exit 2; }
	@$(SYSTEM_PYTHON) -m venv .venv >/dev/null 2>&1 || { scripts/apt python3-venv $$(docker info >/dev/null 2>&1 || scripts/missing) && $(SYSTEM_PYTHON) -m venv .venv; }
	@$(PIP) -r requirements/core.txt
	@$(PIP) --no-deps -e . 
	@touch $@

.venv/.dev: requirements/report.txt requirements/serve.txt requirements/clients.txt requirements/metrics.txt  # which it takes in
.venv/.%: requirements/%.txt .venv/.core
	@$(PIP) -r $<
	@touch $@

demo: sandbox    ## judge the shipped samples in all five languages: the table in the README
	@$(PYTHON) evaluate.py run examples/demo_samples.jsonl --output results/demo --k 1,5

test: .venv/.dev sandbox   ## set up and run the tests that do not take long, on all cores (PYTEST="-k word" for some of all)
	@$(PYTHON) -m pytest $(or $(PYTEST),-m "not long" -n auto --dist loadfile)

test-all: .venv/.dev .venv/.model .venv/.finetune .venv/.ray sandbox ## all tests but the slow ones, of model and cluster too (installs PyTorch, Ray)
	@$(PYTHON) -m pytest $(PYTEST)

.venv-rewards/.made: requirements/rewards.txt requirements/core.txt
	@$(SYSTEM_PYTHON) -m venv .venv-rewards
	@.venv-rewards/bin/python -m pip install -q --disable-pip-version-check -r requirements/rewards.txt
	@.venv-rewards/bin/python -m pip install -q --disable-pip-version-check --no-deps openrlhf==0.11.2 # the rest of it wants a GPU
	@touch $@

test-rewards: .venv-rewards/.made sandbox ## the rewards with TRL's, verifiers' and OpenRLHF's own libraries, in an environment of their own
	@PYTHONPATH=. .venv-rewards/bin/python -m pytest -m slow tests/rewards

# vLLM and MindSpore have environments of their own, of 3.5 and 3.9 GB: the one wants NumPy 2, the other NumPy 1. PyTorch's
# build for CPUs is not on PyPI. Two cores for several processes: one thread each.
CPU_TORCH    := --no-deps --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0+cpu
ENGINE_TESTS  = tests/codegeex tests/samplers tests/test_end_to_end.py $(PYTEST)

.venv-mindspore/.made: requirements/mindspore.txt
	@$(SYSTEM_PYTHON) -m venv .venv-mindspore
	@.venv-mindspore/bin/python -m pip install -q --disable-pip-version-check $(CPU_TORCH)
	@.venv-mindspore/bin/python -m pip install -q --disable-pip-version-check -r requirements/mindspore.txt
	@touch $@

test-mindspore: .venv-mindspore/.made sandbox ## the engine in MindSpore, in an environment of its own, on a CPU
	@PYTHONPATH=. OMP_NUM_THREADS=1 HUMANEVAL_X_REQUIRE=mindspore .venv-mindspore/bin/python -m pytest -m mindspore $(ENGINE_TESTS)

.venv-vllm/.made: requirements/vllm.txt pyproject.toml
	@$(SYSTEM_PYTHON) -m venv .venv-vllm
	@.venv-vllm/bin/python -m pip install -q --disable-pip-version-check $(CPU_TORCH)
	@.venv-vllm/bin/python -m pip install -q --disable-pip-version-check --no-deps -r requirements/vllm.txt -e .
	@touch $@

test-engines: .venv-vllm/.made sandbox ## vLLM as the engine, in an environment of its own, on a CPU
	@OMP_NUM_THREADS=1 VLLM_CPU_OMP_THREADS_BIND=nobind HUMANEVAL_X_REQUIRE=vllm \
	    .venv-vllm/bin/python -m pytest -m vllm $(ENGINE_TESTS)

lint: .venv/.dev .venv/.model ## style, formatting, types
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m mypy --config-file tests/mypy.ini

bench: .venv/.core sandbox ## measure throughput against the plain tools, in one sitting
	@$(PYTHON) benchmarks/throughput.py

attacks: .venv/.dev sandbox ## try every attack in both jails and print what became of each
	@$(PYTHON) tests/attacks/attacks.py

sandbox: .venv/.core ## make sure of a sandbox: Docker's image, or bubblewrap and the toolchains
	@scripts/sandbox

image: .venv/.core ## build the jail's image (BASE=... for another base)
	@scripts/image $(BASE)

image-offline: .venv/.core ## the same where no image registry is reached: the base by debootstrap
	@scripts/base-image $(LOCAL_BASE)
	@scripts/image $(LOCAL_BASE)

report-demo: demo .venv/.report ## the report of the shipped samples: results/demo/report.html
	@$(PYTHON) evaluate.py report results/demo

problems: .venv/.core ## fetch the official problems and check them
	@$(PYTHON) evaluate.py problems fetch

# What .github/workflows/leaderboard.yml runs, and anyone can.
SUBMISSIONS ?= submissions
PROBLEMS    ?= official
SANDBOX     ?= auto
BUILD       ?= build/leaderboard
BOARD        = --problems $(PROBLEMS) --results $(BUILD)/results --sandbox $(SANDBOX)

leaderboard-check: .venv/.report sandbox ## check and judge one submission (SUBMISSION=folder): its row in $(BUILD)/row.md
	@mkdir -p $(BUILD)
	@$(PYTHON) evaluate.py leaderboard check $(SUBMISSION) $(BOARD) --row $(BUILD)/row.md

leaderboard-site: .venv/.report sandbox ## judge what is new in $(SUBMISSIONS) and write the site: $(BUILD)/site
	@$(PYTHON) evaluate.py leaderboard build $(SUBMISSIONS) $(BOARD) --output $(BUILD)/site

leaderboard-submission: ## take the one submission of a pull request (PR=number), as data, into $(BUILD)/submissions
	@scripts/leaderboard-submission $(PR) $(BUILD)

leaderboard-comment: ## put the row on a pull request (PR=number; needs gh)
	@gh pr comment $(PR) --body-file $(BUILD)/row.md

ground-truth: sandbox ## judge the official canonical solutions; exactly the declared defects may fail
	@$(PYTHON) evaluate.py ground_truth

doctor: .venv/.core ## say what is installed, what is missing and what to do
	@$(PYTHON) evaluate.py doctor

clean:           ## remove what was built here
	rm -rf .venv results build dist .pytest_cache .mypy_cache .ruff_cache
