PYTHON ?= python3
SOURCE ?=
BIN := .venv/bin

.PHONY: help run test tests setup setup-tests lint lock bench clean

help:            ## what can be made
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup       ## set up what is missing, then run the lake in the embedded AWS account
	@$(BIN)/lakelet run $(SOURCE)

test: setup-tests  ## set up what is missing, then lint, format, types, import rules and all tests
	@$(MAKE) --no-print-directory -j 2 tests lint

tests:
	$(BIN)/python -m pytest -n 3

lint:            ## lint, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup:           ## the virtual environment, a Java, the Spark libraries
	@$(PYTHON) tools/setup.py

setup-tests:
	@$(PYTHON) tools/setup.py --tests

PYTHONS := 3.11 3.12 3.13
PLATFORMS := x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin
LOCKED := -r requirements.txt -r requirements-dev.txt
TRY := install -q --dry-run --target build/nowhere

lock:            ## lock the requirements anew, and see that they can be installed wherever they must be (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	@for python in $(PYTHONS); do \
	  echo "can be installed on Python $$python?"; \
	  $(BIN)/python -m pip $(TRY) --no-deps --ignore-installed --python-version $$python.9 $(LOCKED) || exit 1; \
	  for platform in $(PLATFORMS); do \
	    uv pip $(TRY) --only-binary :all: --no-binary pyspark --python-version $$python --python-platform $$platform $(LOCKED) || exit 1; \
	  done; \
	done

bench: setup     ## the benchmarks, with the results in benchmarks/
	$(BIN)/python -m benchmarks.run

clean:           ## remove what was built; data in .lakelet/ stays
	rm -rf build .pytest_cache .mypy_cache .ruff_cache
