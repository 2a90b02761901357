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

# Every check is run, so that one run shows all that is wrong.
CHECKS := "ruff check ." "ruff format --check ." mypy lint-imports "wenban db check" "python -m wenban.locks --check"
check:
	@$(PYTHON) -m wenban.bootstrap --dev
	@failed=; for check in $(CHECKS); do \
		echo "--- $$check"; $(BIN)/$$check || failed="$$failed  $$check\n"; \
	done; if [ -n "$$failed" ]; then printf "Failed:\n$$failed"; exit 1; fi

format:
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock:
	@$(BIN)/python -m wenban.locks $(ARGS)

check-locks:
	@$(BIN)/python -m wenban.locks --check

.PHONY: a11y
a11y:
	@$(PYTHON) -m wenban.bootstrap --dev
	@$(BIN)/python tests/a11y/run.py $(ARGS)

# Every evaluation on the development data, then docs/evaluation.md; ARGS are those of `wenban eval all`.
.PHONY: eval bench
eval:
	@$(PYTHON) -m wenban.bootstrap
	@$(BIN)/wenban setup
	@$(BIN)/wenban eval all $(ARGS)

# Speed: search at 5,000 and 100,000 entries, a full turn, publishing; var/bench/bench.json, which `make eval` shows.
bench:
	@$(PYTHON) -m wenban.bootstrap --dev
	@$(BIN)/wenban setup
	@$(BIN)/python -m tests.bench $(ARGS)
