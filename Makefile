# Two commands: `make run` starts the assistant, `make test` runs every test. Both install what they need.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
.DEFAULT_GOAL := run
.PHONY: run test check lock check-locks format down status

run:
	@$(PYTHON) -m wenban.bootstrap --total 7
	@$(BIN)/wenban setup --first 2 --total 7
	@$(BIN)/wenban up --step 7/7

down status:
	@$(BIN)/wenban $@

test:
	@$(PYTHON) -m wenban.bootstrap --dev --total 6
	@$(BIN)/wenban setup --first 2 --total 6
	@$(BIN)/python -m pytest $(ARGS)

check:
	@$(PYTHON) -m wenban.bootstrap --dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/wenban db check
	@$(BIN)/python -m wenban.locks --check

format:
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock:
	@$(BIN)/python -m wenban.locks $(ARGS)

check-locks:
	@$(BIN)/python -m wenban.locks --check
