# The targets people use; 'make help' lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
# A warning of a tool must not wait for an answer in CI.
export PIP_NO_INPUT := 1
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PACKAGES := models streams simulator importer local

.PHONY: help setup demo test lint types contracts unit integration prometheus kafka format constraints clean

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: $(STAMP) ## an environment in .venv with exactly the tested versions
	@:

$(STAMP): pyproject.toml constraints.txt
	@PYTHON="$(PYTHON)" VENV="$(VENV)" local/setup.sh
	@touch $@

demo: setup ## Kafka, a worker and a simulated dealer group on this machine
	@exec $(BIN)/python -m local.demo

test: lint types contracts unit integration ## everything CI runs

lint: setup ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## mypy --strict
	@$(BIN)/mypy

contracts: setup ## who may import whom
	@$(BIN)/lint-imports --no-cache

unit: setup ## tests without Kafka or Prometheus
	@$(BIN)/pytest -m "not integration"

integration: setup prometheus kafka ## tests on a real Kafka and a real Prometheus
	@$(BIN)/pytest -m integration

prometheus:
	@local/prometheus.sh

kafka: setup
	@$(BIN)/python -m local.jars

format: setup ## rewrite the code in the project's format
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

constraints: ## take the newest allowed versions and write constraints.txt anew
	@PYTHON="$(PYTHON)" local/setup.sh --newest constraints.txt

clean: ## remove what make and the tools wrote here (not Kafka's jars in the cache)
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
