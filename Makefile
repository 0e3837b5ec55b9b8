# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: demo test check setup lock clean

demo: setup
	@$(BIN)/netloom demo $(ARGS)

test: setup
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest tests/project $(ARGS)

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml requirements.lock requirements-dev.lock setup.sh
	@PYTHON=$(PYTHON) sh setup.sh $(VENV)
	@touch $@

# The locked versions; run after changing pyproject.toml.
lock: setup
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --all-extras --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache
