# make run    set up what is missing, fill the demonstration, serve http://127.0.0.1:8000/ (PORT=8123 for another port)
# make test   set up what is missing and run all tests, on SQLite and, where TEST_DATABASE_URL is set, on PostgreSQL

PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN = .venv/bin
WORKERS ?= 3
APART = not browser and not benchmark and not grading and not pictures
PARALLEL = -n $(WORKERS) --dist loadgroup

export DEBUG ?= 1

.PHONY: run test lint lock

run: .venv/ready
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py demo
	SITE_URL=http://127.0.0.1:$(PORT) $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: .venv/ready
	DEBUG=0 TEST_DATABASE_URL= $(BIN)/python -m pytest $(PARALLEL) -m "browser and not pictures" $(PYTEST)
ifeq ($(TEST_DATABASE_URL),)
	DEBUG=0 $(BIN)/python -m pytest $(PARALLEL) -m "$(APART)" $(PYTEST)
else
	DEBUG=0 TEST_DATABASE_URL= $(BIN)/python -m pytest $(PARALLEL) -m "not postgresql and $(APART)" $(PYTEST)
	DEBUG=0 $(BIN)/python -m pytest $(PARALLEL) -m "$(APART)" $(PYTEST)
endif

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python manage.py makemigrations --check --dry-run

lock: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools==7.6.2
	$(BIN)/python -m piptools compile --quiet --generate-hashes --strip-extras --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --output-file config/deploy/requirements.lock.new config/deploy/requirements.txt
	(echo "# config/deploy/requirements.txt with the digest of each file that may be installed: made by \`make lock\`."; \
		cat config/deploy/requirements.lock.new) > config/deploy/requirements.lock
	rm config/deploy/requirements.lock.new

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
