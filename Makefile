# For people, pre-commit and CI alike. Each of these alone does its own set-up:
#
#   make chat     talk to the shop here         make test    every test
#   make bot      answer on Telegram            make check   style, types, layers
#   make bench    measure                       make setup   only set up
#   make lock     renew requirements.lock
#
# ARGS adds arguments:             make chat ARGS="--data /my/shop"
# TORCH_INDEX names another index  for pip, where you want another build of torch: make setup TORCH_INDEX=https://...
# PYTHON names another Python      make setup PYTHON=/opt/python3.12/bin/python3

.PHONY: chat bot bench test check setup weights lock
.DEFAULT_GOAL := setup

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOG := $(VENV)/install.log
TORCH_INDEX ?=
PYTHON ?=
ARGS ?=
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

chat: weights
	@$(BIN)/marketeer chat $(ARGS) || { code=$$?; [ $$code -eq 130 ] || exit $$code; }

bot: weights
	@$(BIN)/marketeer bot $(ARGS) || { code=$$?; [ $$code -eq 130 ] || exit $$code; }

bench: weights
	@$(BIN)/python -m bench $(ARGS)

test: weights
	@$(BIN)/python -m pytest $(ARGS)

check: $(STAMP)
	@echo "ruff check" && $(BIN)/ruff check .
	@echo "ruff format" && $(BIN)/ruff format --check .
	@echo "mypy" && $(BIN)/mypy && $(BIN)/mypy -p bench
	@echo "lint-imports" && $(BIN)/lint-imports

setup: weights

weights: $(STAMP)
	@$(BIN)/marketeer prepare < /dev/null

# The stamp is written last: whatever is interrupted starts over, and pip takes what it has from its cache.
# awk shows the big downloads as they come and carries pip's exit status, which a pipe would lose.
$(STAMP): requirements.lock pyproject.toml
	@python=; for each in $(PYTHON) python3.11 python3 python; do \
	    if $$each -c '$(NEW_ENOUGH)' > /dev/null 2>&1; then python=$$each; break; fi; \
	done; \
	[ -n "$$python" ] || { echo "Marketeer needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python3." >&2; exit 1; }; \
	$(BIN)/python -c '$(NEW_ENOUGH)' 2> /dev/null && $(BIN)/python -m pip --version > /dev/null 2>&1 || { \
	    echo "Making a virtual environment in $(VENV) with $$python ..."; \
	    $$python -m venv --clear $(VENV); }
	@echo "Installing $$(grep -c == requirements.lock) packages into $(VENV), once: about 0.7 GB to download, 2.8 GB on disk ..."
	@{ $(BIN)/python -m pip install --progress-bar off $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) \
	    -r requirements.lock < /dev/null 2>&1 || echo "pip failed"; } \
	    | awk -v log_="$(LOG)" '{ print > log_ } /(Downloading|Using cached|Processing) .*[0-9]+(\.[0-9])? [MG]B/ { print "  " $$0; fflush() } \
	      /^ERROR|^error:/ { print > "/dev/stderr" } /^pip failed/ { failed = 1 } END { exit failed }' \
	    || { echo "The installation failed; all of it is in $(LOG). Run make again to go on." >&2; exit 1; }
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e . < /dev/null
	@touch $@

# A fresh environment, the newest set that pyproject.toml allows, and its exact versions. Run make test afterwards.
lock: $(STAMP)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	echo "Resolving pyproject.toml in a fresh environment: minutes, 2.8 GB in $$folder ..." && \
	$(BIN)/python -m venv "$$folder/venv" && \
	$(BIN)/python -c 'import tomllib; d = tomllib.load(open("pyproject.toml", "rb")); \
	print(*d["project"]["dependencies"], *d["dependency-groups"]["dev"], sep="\n")' > "$$folder/wanted.txt" && \
	"$$folder/venv/bin/python" -m pip install -q $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) \
	    -r "$$folder/wanted.txt" && \
	{ echo "# The tested set: runtime and development, made by \`make lock\` in a fresh environment. Don't edit."; \
	  "$$folder/venv/bin/python" -m pip freeze | sed 's/+[a-z0-9.]*$$//'; } > requirements.lock.new && \
	mv requirements.lock.new requirements.lock && echo "requirements.lock is renewed: run make test."
