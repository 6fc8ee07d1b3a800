# make plan       set up, plan the sample city into out/shanghai
# make real       plan the real Shanghai into out/real-shanghai (GRIDPLAN_REAL_DATA names the folder of its files)
# make cities     plan the four cities of the documents into out/cities (GRIDPLAN_REAL_DATA as above)
# make test       set up, run the tests           (make test ARGS="-k travel" runs some of them)
# make test-all   the tests on every Python from 3.11 on that is installed here
# make test-lowest the tests with the oldest packages that setup.cfg allows
# make constraints  write down the versions that the tests ran with
# make notebook   open the notebooks in Jupyter; without a terminal, or with NB=run, run them into out/notebooks
# make fuzz       10,000 damaged files of every format: each must be read or refused in our own words
# make table-cases  320 plans changed by hand, judged in the table's page and by the judge; 320 regions solved by both
# make lint       ruff and mypy
# make docs       the docs site into out/docs     (open out/docs/index.html; notebooks that the tests ran are not run again)
# make golden     write the golden LP of a rule anew: make golden NAME=least_partners
# make bench      gridplan beside others           (make bench ARGS="city --units 2000", or ARGS=results for all)
# make wheelhouse everything needed to install on a closed network
# make clean      remove what make made
#
# make PYTHON=/path/to/python3.12 … chooses the Python; VENV=… the folder of the set-up.

SHELL := /bin/sh
# Python keeps what it compiles even where the environment says not to: else each start compiles some 360 modules anew.
export PYTHONDONTWRITEBYTECODE :=
VENV ?= .venv
ARGS ?=
# On every core; tests of a module stay together unless a core would wait. ARGS="-n 0" for one process.
PARALLEL := -n auto --dist worksteal --durations=25
OK := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	if $$p -c '$(OK)' 2>/dev/null; then echo $$p; break; fi; done)
endif
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --no-input
# Says what pip does, a line per package; all that pip said is in pip.txt, and its end is shown where it failed.
TELL := tee $(VENV)/pip.txt | { n=0; while IFS= read -r line; do set -f; set -- $$line; case "$$line" in \
	Collecting*|Processing*) n=$$((n+1)); printf '  %3d  %s\n' $$n "$${2\#\#*/}" ;; \
	"Installing collected"*) echo "  installing $$(($$\#-3)) packages; pip is silent for a while …" ;; \
	"pip ended with 0") exit 0 ;; \
	"pip ended with "*) tail -n 25 $(VENV)/pip.txt; exit 1 ;; esac; done; }
SETUP := setup.cfg pyproject.toml

.PHONY: help plan real cities test test-all test-lowest constraints fuzz table-cases notebook lint golden docs bench wheelhouse clean browser
.DELETE_ON_ERROR:
.NOTPARALLEL:

help:
	@sed '/^$$/q; s/^# \{0,1\}//' Makefile

plan: $(VENV)/.installed
	$(VENV)/bin/gridplan plan data/shanghai --policy shanghai-2025 --out out/shanghai

real: $(VENV)/.installed
	$(VENV)/bin/python tests/real_shanghai.py out/real-shanghai-region
	$(VENV)/bin/gridplan plan out/real-shanghai-region --policy shanghai-2025 --out out/real-shanghai

# The cities of the documents: GRIDPLAN_REAL_DATA names the folder of their files (data/cities/README.md).
cities: $(VENV)/.installed
	$(VENV)/bin/python data/cities/make_city.py all --data "$(GRIDPLAN_REAL_DATA)" --out out/cities --plan

test: $(VENV)/.installed-test browser
	$(VENV)/bin/python -m pytest $(PARALLEL) $(ARGS)

# A Python counts when it starts: a pyenv shim may stand there without a Python behind it.
test-all:
	@tested=; for v in 3.11 3.12 3.13 3.14; do \
		for p in python$$v "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$v.*/bin/python$$v; do \
			if "$$p" -c '$(OK)' 2>/dev/null; then \
				echo "== Python $$v: $$p"; \
				$(MAKE) --no-print-directory test VENV=.venv-$$v PYTHON="$$p" || exit 1; \
				tested="$$tested $$v"; break; \
			fi; \
		done; \
	done; \
	echo "== tested on Python:$$tested"; test -n "$$tested"

test-lowest: .venv-lowest/.installed-test browser
	.venv-lowest/bin/python -m pytest $(PARALLEL) $(ARGS)

.venv-lowest/.installed-test: $(SETUP)
	@$(MAKE) --no-print-directory VENV=.venv-lowest .venv-lowest/.created
	@echo "Installing the oldest packages that setup.cfg allows into .venv-lowest …"
	@.venv-lowest/bin/python -m pip --disable-pip-version-check -qq install "uv>=0.9"
	@.venv-lowest/bin/uv pip install -q --compile-bytecode --python .venv-lowest/bin/python --resolution lowest-direct --editable ".[test]"
	@touch $@

# Without what a test does not need: constraints.txt is for `pip install -c constraints.txt .`
constraints: $(VENV)/.installed-test
	$(VENV)/bin/python tests/constraints.py > constraints.txt

fuzz: $(VENV)/.installed-test
	$(VENV)/bin/python -W ignore -m tests.inputs.fuzz $(or $(ARGS),10000)

# 4 assignments a plan; some 10 minutes of processor. ARGS=1000 draws as many.
table-cases: $(VENV)/.installed-test browser
	GRIDPLAN_TABLE_CASES=$(or $(ARGS),320) $(VENV)/bin/python -m pytest -n 0 --log-cli-level=INFO \
		tests/show/table/test_evaluator.py tests/show/table/test_solver.py

notebook: $(VENV)/.installed-notebook
	@if [ "$(NB)" != run ] && [ -t 0 ] && [ -t 1 ]; then \
		exec $(VENV)/bin/jupyter lab $$([ "$$(id -u)" = 0 ] && echo --allow-root) notebooks; \
	else \
		echo "No terminal (or NB=run): the notebooks are run, the result is in out/notebooks."; \
		$(VENV)/bin/jupyter nbconvert --to html --execute --output-dir out/notebooks notebooks/*.ipynb; \
	fi

lint: $(VENV)/.installed-lint
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

docs: $(VENV)/.installed-docs
	$(VENV)/bin/python -m sphinx -W --keep-going -q -j auto -b html -c docs . out/docs
	@echo "The docs are in out/docs/index.html"

golden: $(VENV)/.installed-test
	$(VENV)/bin/python tests/golden_lp.py $(NAME)

bench: $(VENV)/.installed-bench
	$(VENV)/bin/python -m benchmarks $(or $(ARGS),city)

# For the operating system and the Python it is made on.
wheelhouse: $(VENV)/.created
	@rm -rf wheelhouse
	@{ $(PIP) wheel --progress-bar off --wheel-dir wheelhouse . 2>&1; echo "pip ended with $$?"; } | $(TELL)
	@echo "wheelhouse/ holds $$(ls wheelhouse | wc -l) wheels for $$($(VENV)/bin/python -V). Carry it over, then:"
	@echo "  python -m pip install --no-index --find-links wheelhouse gridplan-health"

clean:
	rm -rf .venv .venv-3.* .venv-lowest out/shanghai out/real-shanghai* out/cities out/notebooks out/docs docs/reference wheelhouse build *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find gridplan tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The set-up; the markers are older than setup.cfg when it has to be done again.
$(VENV)/.created:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c '$(OK)' 2>/dev/null; then \
		echo "gridplan needs Python 3.11 or newer with its venv module$(if $(PYTHON),; '$(PYTHON)' is not one)." >&2; \
		echo "Install it (Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	fi
	@echo "Setting up $(VENV) with $$("$(PYTHON)" -V); the first time some 60 packages, 400 MB on disk, come from the package index: a minute or two …"
	@"$(PYTHON)" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created $(SETUP)
	@echo "Installing gridplan and what it needs into $(VENV) …"
	@{ $(PIP) install --progress-bar off --editable . 2>&1; echo "pip ended with $$?"; } | $(TELL)
	@touch $@

$(VENV)/.installed-%: $(VENV)/.created $(SETUP)
	@echo "Installing gridplan and what it needs for '$*' into $(VENV) …"
	@{ $(PIP) install --progress-bar off --editable ".[$*]" 2>&1; echo "pip ended with $$?"; } | $(TELL)
	@touch $@ $(VENV)/.installed

# Chromium, its driver, a Chinese font and pdftoppm for the browser tests: installed where we may, said where not.
browser:
	@if { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null \
		&& command -v chromedriver >/dev/null && command -v pdftoppm >/dev/null && [ -n "$$(fc-list :lang=zh 2>/dev/null)" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium and a Chinese font for the browser tests …"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium chromium-driver fonts-noto-cjk poppler-utils >/dev/null; } \
		|| echo "That did not work: browser tests are skipped (and fail on CI)."; \
	else \
		echo "No Chromium, chromedriver, Chinese font or pdftoppm, and no right to install them: browser tests are skipped."; \
		echo "  as root on Debian: apt-get install chromium chromium-driver fonts-noto-cjk poppler-utils"; \
	fi
