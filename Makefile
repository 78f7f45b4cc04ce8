# Targets
#   make lab       install what is missing, build, install the kernel, open JupyterLab on notebooks/
#   make test      install what the tests need, build, run all tests
#   make report    execute the quickstart notebook and write it as an HTML report into reports/
#   make data      fetch the UCI Online Retail data into notebooks/data/ (checked by its sum)
#   make bench     time Martlet beside Polars, DuckDB, PyArrow and NumPy; writes docs/performance.md
#   make docs      write docs/commands.md from the table of commands
#   make notebooks write the notebooks anew from scripts/notebooks.py and execute them
#   make format    format the Swift sources;  make lint  check them
#   make clean     remove what was built
#
# BROWSER=no makes `make lab` stop before it opens the browser.
# BENCH="--rows 1m --repeats 3" chooses the size of the benchmark.
# NOTEBOOK=notebooks/online_retail.ipynb chooses another notebook for `make report`.

SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
MARTLET := .build/release/martlet
NOTEBOOK ?= notebooks/quickstart.ipynb
export SWIFT_BACKTRACE := enable=no

.PHONY: lab test report data bench docs notebooks format lint clean setup build install

lab: install
	@if [ "$(BROWSER)" = no ]; then echo "Ready. Open JupyterLab with: $(VENV)/bin/jupyter lab notebooks"; \
	else $(VENV)/bin/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks; fi

setup:
	@scripts/setup.sh

build: setup
	swift build -c release --product martlet

install: build
	$(MARTLET) install --prefix $(VENV)

test: setup
	@scripts/test.sh

report: install
	@mkdir -p reports
	$(VENV)/bin/jupyter nbconvert --to html --execute --no-input $(NOTEBOOK) --output-dir reports
	@echo "Wrote reports/$(basename $(notdir $(NOTEBOOK))).html"

data:
	@scripts/online_retail.sh

bench: install
	@scripts/bench.sh $(BENCH)

docs: build
	$(MARTLET) docs > docs/commands.md

notebooks: install
	$(PYTHON) scripts/notebooks.py

format:
	swift format -i -r Sources Tests Package.swift

lint:
	swift format lint --strict -r Sources Tests Package.swift

clean:
	rm -rf .build .build-* $(VENV) reports
