# Commands for everyone: each sets up what it needs. Run from this folder.
PYTHON ?= python3
BOOT = $(PYTHON) bootstrap.py

.PHONY: run test check train eval bench lock clean help
help:            ## this list
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/: .*##/:/' | column -t -s:
run: ## set up, start engine, actions and web, print the address
	@$(BOOT) run
test: ## set up and pass every test that this machine can run
	@$(BOOT) --dev prepare
	@$(BOOT) --dev -- tools/test.py $(PYTEST)
check: ## lint, types, import rules, data, Rasa's own validation, locks
	@$(BOOT) --dev -- tools/check.py
train: ## train a model for the present data
	@$(BOOT) train
eval: ## measure how well Pluis understands, and write reports/
	@$(BOOT) --dev prepare && $(BOOT) --dev -- tools/evaluate.py $(EVAL)
bench: ## measure how quickly the knowledge answers, also grown to 100,000 passages, and write reports/
	@$(BOOT) --dev prepare && $(BOOT) --dev -- tools/bench.py
lock: ## make the lock files anew from the pyproject files
	@$(BOOT) --dev -- tools/lock.py
clean: ## remove what was installed and made, keep the keys and conversations
	rm -rf .venv .venv-engine .tools var/models var/cache var/webchat
