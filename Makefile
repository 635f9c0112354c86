# Commands for everyone: each sets up what it needs. Run from this folder.
PYTHON ?= python3
BOOT = $(PYTHON) bootstrap.py

.PHONY: run test check train encoder eval fuzz bench pictures icons load start teams-package lock sbom audit clean help
help:            ## this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/: .*##/:/' | column -t -s:
run: ## set up, start engine, actions and web, print the address
	@$(BOOT) run
test: ## set up and pass every test that this machine can run
	@$(BOOT) --dev prepare
	@$(BOOT) --dev -- tools/test.py $(PYTEST)
check: ## lint, types, import rules, data, Rasa's own validation, known vulnerabilities, locks
	@$(BOOT) --dev -- tools/check.py
teams-package: ## build the app package for Microsoft Teams, var/teams/pluis-teams.zip
	@$(BOOT) teams-package
train: ## train a model for the present data
	@$(BOOT) train
encoder: ## teach the encoder anew what the training sentences say (half an hour or more), then train a model
	@$(BOOT) --dev prepare && PYTHONPATH=. TF_CPP_MIN_LOG_LEVEL=3 .venv-engine/bin/python -W ignore -m engine.tuning
	@$(BOOT) train
fuzz: ## try ten thousand strange messages on the engine's parse
	@$(BOOT) --dev prepare
	PLUIS_FUZZ=10000 PYTHONPATH=. .venv-engine/bin/python -W ignore -m pytest -c /dev/null --rootdir . -p no:cacheprovider -q engine/tests/test_fuzz.py
eval: ## measure how well Pluis understands, and write reports/
	@$(BOOT) --dev prepare && $(BOOT) --dev -- tools/evaluate.py $(EVAL)
bench: ## measure how quickly the knowledge answers, also grown to 100,000 passages, and write reports/
	@$(BOOT) --dev prepare && $(BOOT) --dev -- tools/bench.py
pictures: ## take the pictures of docs/pictures anew, in a real browser
	@$(BOOT) --dev prepare && $(BOOT) --dev -- tools/pictures.py
icons: ## draw the icons of the Teams app anew from deploy/teams/*.svg
	@$(BOOT) --dev -- tools/teams_icons.py
load: ## open two hundred chats at once on one web server, and write reports/load.json
	@$(BOOT) --dev prepare && $(BOOT) --dev -- tools/load.py
start: ## start web a few times as users have it, and write reports/start.json
	@$(BOOT) --dev prepare && $(BOOT) --dev -- tools/start.py
lock: ## make the lock files anew from the pyproject files
	@$(BOOT) --dev -- tools/lock.py
sbom: ## list everything that is installed, as CycloneDX, in var/sbom.cdx.json
	@$(BOOT) --dev -- tools/sbom.py
audit: ## ask about known vulnerabilities, and keep the answer in reports/ for where nobody answers
	@$(BOOT) --dev -- tools/audit.py --keep
clean: ## remove what was installed and made, keep the keys and conversations
	rm -rf .venv .venv-engine .tools var/models var/cache var/webchat var/axe var/teams-manifest
