VENV ?= .venv
PORT ?= 8000
PY = "$(VENV)/bin/python"
UV_COMPILE = "$(VENV)/bin/uv" pip compile pyproject.toml --python $(PY) --universal --python-version 3.12 \
	--generate-hashes --no-emit-index-url --no-header $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help setup run test trust lint bench lock openapi screenshot sbom licences serve

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf 'make %-11s %s\n' "$$name" "$$text"; done

setup: ## make the virtual environment, or bring it up to date
	@VENV="$(VENV)" scripts/setup.sh

run: ## start the site on this machine (PORT=8001 for another port)
	@VENV="$(VENV)" scripts/setup.sh --port "$(PORT)"
	@set -e; export SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}"; \
	$(PY) manage.py migrate --verbosity 0; \
	$(PY) manage.py load_edition fixtures/ai-office-2024-06-16.json --if-none; \
	$(PY) manage.py load_synonyms fixtures/synonyms.json --if-none; \
	$(PY) manage.py set_up_roles >/dev/null; \
	$(PY) manage.py demo_editor; \
	exec $(PY) manage.py runserver "127.0.0.1:$(PORT)"

serve: setup ## start the production server, with the settings of the environment
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@exec $(PY) -m aioffice.serve

test: setup ## run the tests (ARGS="-k word" for some of them)
	@$(PY) -m pytest -n auto --maxprocesses 8 $(ARGS)

lint: setup ## check the style of code and templates
	@"$(VENV)/bin/ruff" check .
	@"$(VENV)/bin/ruff" format --check .
	@find templates -name '*.html' -exec "$(VENV)/bin/djade" --check --target-version 6.1 {} +

trust: setup ## run the proofs that take long, at full length
	@PROOF=full $(PY) -m pytest -n auto --maxprocesses 8 tests/test_processes.py tests/test_tree_editing.py tests/test_diff.py tests/test_documents.py tests/test_life_of_editions.py tests/test_crawl.py tests/test_api_queries.py tests/test_permissions.py tests/test_fuzzing.py tests/test_spreadsheets.py tests/test_table_formats.py tests/test_libreoffice.py tests/browser/test_axe.py tests/browser/test_html.py tests/test_backups.py tests/test_replica.py tests/test_faults.py $(ARGS)

bench: setup ## measure how fast the pages are
	@$(PY) -m bench $(ARGS)

lock: setup ## pin the dependencies anew (ARGS=--upgrade for newer ones)
	@$(UV_COMPILE) --group dev -o requirements-dev.txt >/dev/null
	@$(UV_COMPILE) -c requirements-dev.txt -o requirements.txt >/dev/null

openapi: setup ## write docs/openapi.json anew
	@$(PY) manage.py spectacular --format openapi-json --validate --fail-on-warn --file docs/openapi.json

sbom: setup ## list what runs the site for other programs (CycloneDX, in var/sbom.json)
	@mkdir -p var
	@"$(VENV)/bin/cyclonedx-py" requirements requirements.txt --pyproject pyproject.toml --mc-type application \
		--output-reproducible --of JSON --validate -o var/sbom.json

licences: setup ## write docs/licences.md anew
	@$(PY) -m scripts.licences

screenshot: setup ## take the screenshots anew
	@$(PY) -m scripts.screenshot $(ARGS)
