# make run    set up what is missing, fill the demonstration, serve http://127.0.0.1:8000/ (PORT=8123 for another port)
# make test   set up what is missing and run all tests, on SQLite and, if TEST_DATABASE_URL is set, on PostgreSQL
#             (COVERAGE=1 prints the share of lines and branches that they run)

PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN = .venv/bin
WORKERS ?= 3
APART = not browser and not benchmark and not grading and not pictures
PARALLEL = -n $(WORKERS) $(if $(COVERAGE),--cov --cov-append --cov-report=)
# A template that ends without a line end is included inside a sentence; djade would give it one.
TEMPLATES = $(shell for file in $$(git ls-files 'templates/*.html'); do [ -n "$$(tail -c 1 $$file)" ] || echo $$file; done)

export DEBUG ?= 1

.PHONY: run test coverage lint types lock sbom

run: .venv/ready
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py demo
	SITE_URL=http://127.0.0.1:$(PORT) $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: .venv/ready
	$(if $(COVERAGE),$(BIN)/coverage erase)
	DEBUG=0 TEST_DATABASE_URL= $(BIN)/python -m pytest $(PARALLEL) -m "browser and not pictures" $(PYTEST) tests/browser
ifeq ($(TEST_DATABASE_URL),)
	DEBUG=0 $(BIN)/python -m pytest $(PARALLEL) -m "$(APART)" $(PYTEST)
else
	DEBUG=0 TEST_DATABASE_URL= $(BIN)/python -m pytest $(PARALLEL) -m "not postgresql and $(APART)" $(PYTEST)
	DEBUG=0 $(BIN)/python -m pytest $(PARALLEL) -m "$(APART)" $(PYTEST)
endif
	$(if $(COVERAGE),$(BIN)/coverage report)

coverage:
	$(MAKE) --no-print-directory test COVERAGE=1

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $(TEMPLATES)
	$(BIN)/python manage.py makemigrations --check --dry-run

types: .venv/ready
	DEBUG=0 $(BIN)/mypy

lock: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools==7.6.2
	$(BIN)/python -m piptools compile --quiet --generate-hashes --strip-extras --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --output-file config/deploy/requirements.lock.new config/deploy/requirements.txt
	(echo "# config/deploy/requirements.txt with the digest of each file that may be installed: made by \`make lock\`."; \
		cat config/deploy/requirements.lock.new) > config/deploy/requirements.lock
	rm config/deploy/requirements.lock.new

sbom: .venv/ready
	$(PYTHON) -m venv var/sbom
	var/sbom/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom==7.5.0
	var/sbom/bin/cyclonedx-py requirements config/deploy/requirements.lock --pyproject pyproject.toml \
		--output-reproducible --output-file var/sbom.json
	$(BIN)/python -m tests.deploy.bill var/sbom.json

.venv/ready: requirements.txt config/deploy/requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	touch .venv/ready

.PHONY: benchmark grade pictures
benchmark: .venv/ready
	DEBUG=0 $(BIN)/python -m pytest -s -m benchmark tests/benchmarks

grade: .venv/ready
	DEBUG=0 TEST_DATABASE_URL= $(BIN)/python -m pytest -s -m grading tests/reviews/machine
ifneq ($(TEST_DATABASE_URL),)
	DEBUG=0 IMPRIMATUR_ROUNDS=1000 $(BIN)/python -m pytest -s tests/races
endif

pictures: .venv/ready
	DEBUG=0 TEST_DATABASE_URL= $(BIN)/python -m pytest -m pictures tests/browser

# Bring the catalogues of translations up to date with the sources.
.PHONY: messages
messages: .venv/ready
	DEBUG=0 TEST_DATABASE_URL= DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.messages

.PHONY: answers
answers: .venv/ready
	DEBUG=0 TEST_DATABASE_URL= $(BIN)/python -m tests.benchmarks.answers

# Bundle the editor of the desk, and the script of its page for whole drafts, into config/static. Only this needs Node.js.
.PHONY: editor
editor:
	cd articles/desk/typed/editor/source && npm ci --silent && node build.mjs
