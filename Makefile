# Everything one does with Vitrine from a shell; `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

export HOST ?= 127.0.0.1
export PORT ?= 8000
# Threads that spin while they wait for a busy core make PyTorch ten times slower.
export OMP_WAIT_POLICY ?= PASSIVE

# The first Python that is new enough. Asked for only when there is no virtual environment yet.
PYTHON ?= $(firstword $(foreach name,python3.11 python3 python3.12 python3.13,$(shell \
	$(name) -c 'import sys; sys.version_info >= (3, 11) and print(sys.executable)' 2>/dev/null)))

python := .venv/bin/python
pip := $(python) -m pip install --quiet --disable-pip-version-check
ifneq ($(filter-out cpu,$(TORCH)),)
$(error TORCH: must be cpu, or left out)
endif

indexes := $(or $(VITRINE_INDEXES),indexes/data)

.PHONY: help run test lint bench peers clean chromium postgresql

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 12

run: .venv/run.stamp ## set up, make the sample collection on the first run, serve on http://127.0.0.1:8000 (PORT=, HOST=, TORCH=cpu)
	@[ -e "$(indexes)/current/manifest.json" ] || $(python) -m pipeline build sample
	@echo "Vitrine: http://$(HOST):$(PORT)"
	@exec $(python) -m gunicorn wsgi:app

test: chromium postgresql lint ## set up, then every check and every test
	@$(python) -m pytest -q

lint: .venv/test.stamp ## set up, then the checks alone: ruff and mypy
	@$(python) -m ruff check --quiet .
	@$(python) -m ruff format --quiet --check .
	@$(python) -m mypy

bench: .venv/test.stamp ## the benchmarks; prints tables and writes them to bench/results/
	@$(python) -m bench

peers: .venv/peers/stamp ## what some benchmarks compare with, clip-retrieval and img2dataset, on their own (6 GB)

clean: ## remove the virtual environment and all caches; collections and likes stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find app indexes pipeline tests -name __pycache__ -prune -exec rm -rf {} +

# Set-up. Every part is done once, and again only when what it follows has changed.

# Every file is held against its checksum, but for PyTorch's CPU build, whose own index has it by version alone.
.venv/run.stamp: requirements.txt requirements-cpu.txt | .venv/bin/pip
	@echo "Installing $< (some minutes the first time) ..."
ifeq ($(TORCH),cpu)
	@$(pip) --no-deps --extra-index-url https://download.pytorch.org/whl/cpu $$(grep -oE '^torch(vision)?==[^ ]+' requirements-cpu.txt)
	@$(pip) --require-hashes -r requirements-cpu.txt
else
	@$(pip) --require-hashes -r $<
endif
	@touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	@echo "Installing $< ..."
	@sed '/^-r/d' $< > .venv/$<
	@$(pip) --require-hashes -r .venv/$<
	@touch $@

# Their packages do not go together with ours, and some can only be built by an older setuptools.
.venv/peers/stamp: bench/peers.txt .venv/bin/pip
	@echo "Installing $< (6 GB) ..."
	@$(python) -m venv --clear .venv/peers
	@.venv/peers/bin/python -m pip install --quiet --disable-pip-version-check 'setuptools<70' wheel
	@.venv/peers/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -r $<
	@touch $@

.venv/bin/pip:
	@[ -n "$(PYTHON)" ] || { echo "Vitrine needs Python 3.11 or newer, and none is on the PATH. PYTHON= names one." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(call install,python3-venv,virtual environments)
	@$(PYTHON) -m venv --clear .venv

chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || $(call install,chromium,the tests in a browser)

postgresql:
	@compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || $(call install,postgresql,the tests against PostgreSQL)

# $(call install,PACKAGE,PURPOSE): a Debian package, as root or by sudo; the package lists are only fetched where needed.
install = { \
	echo "Installing Debian's $(1), for $(2) ..."; \
	apt="env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0"; [ "$$(id -u)" = 0 ] || apt="sudo $$apt"; \
	$$apt install -y --no-install-recommends $(1) >/dev/null 2>&1 || \
	{ $$apt update && $$apt install -y --no-install-recommends $(1) >/dev/null; } || \
	{ echo "$(1) is needed for $(2) and could not be installed. As root: apt-get install $(1)" >&2; exit 1; }; }
