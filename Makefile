# Two commands: `make run` and `make test`. Both install what is missing first.
.DEFAULT_GOAL := help
.PHONY: help run test test-quick test-postgresql test-browser test-deep test-faults \
	test-hours bench docs check lock
PYTHON := .venv/bin/python

help: ## What can be typed here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | \
	  awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

run: ## Start everything on this machine, with a demo world
	@.ci/install run
	@exec $(PYTHON) -m carecoord.supervisor

test: ## All tests: SQLite, real PostgreSQL and Redis, a real browser
	@.ci/install test
	@exec $(PYTHON) -m tests.suites lint quick postgresql browser

test-quick: ## The tests on SQLite, without a browser
	@.ci/install test
	@exec $(PYTHON) -m tests.suites quick

test-postgresql: ## The core tests on a real PostgreSQL, with a real Redis
	@.ci/install test
	@exec $(PYTHON) -m tests.suites postgresql

test-browser: ## The journeys in a real Chromium
	@.ci/install test
	@exec $(PYTHON) -m tests.suites browser

test-deep: ## The long runs of the consent engine, on both engines
	@.ci/install test
	@exec $(PYTHON) -m tests.suites deep

test-faults: ## Killed, silent and emptied brokers, killed workers, killed databases
	@.ci/install test
	@exec $(PYTHON) -m tests.suites faults

test-hours: ## The quick tests as if it were another hour, day and year
	@.ci/install test
	@exec $(PYTHON) -m tests.suites hours

bench: ## What the hot paths cost, on both engines, into docs/benchmarks.md
	@.ci/install test
	@exec $(PYTHON) -m tests.suites bench

docs: ## Write docs/capabilities.md and docs/security-tests.md: cases and their tests
	@.ci/install test
	@exec $(PYTHON) -m tests.suites docs

check: ## Lint and types, templates, locks, migrations
	@.ci/install test
	@exec $(PYTHON) -m tests.suites check

lock: ## Write the two requirement locks again (needs the network)
	$(PYTHON) -m tests.suites lock
