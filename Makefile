# Two commands matter: `make run` shows fiscalmon at work, `make test` proves it. Both set up what is missing.
PYTHON ?= python3
export PYTHON SKIP_SYSTEM_PACKAGES

# Without a display the demo runs headless: engine, simulator and dashboard, no window.
HEADLESS := $(if $(DISPLAY)$(WAYLAND_DISPLAY),,--headless)

.PHONY: setup run test bench soak mutation defences lint coverage lock freeze deb try-deb pictures clean distclean i18n

setup:
	@packaging/setup.sh

run: setup
	.venv/bin/fiscalmon demo $(HEADLESS) $(ARGS)

test: setup
	@packaging/test.sh

# One JSON line a measurement; BENCH_FULL=1 for the large sizes.
bench: setup
	@.venv/bin/python tests/bench/run.py

# Sales over a link that breaks, SOAK_SECONDS (600) at SOAK_RATE (4) a second; SOAK_KILLS (2000) times kill -9 under
# load; SOAK_SEEDS (100000) simulated worlds, which take hours: `python -m tests.vopr --seed N` tells the story of one.
soak: setup
	@.venv/bin/python tests/bench/soak.py
	@SOAK_KILLS=$${SOAK_KILLS:-2000} .venv/bin/python -m pytest tests/integration/test_crash_anytime.py -q --timeout 0
	@.venv/bin/python -m tests.vopr --count $${SOAK_SEEDS:-100000} --jobs $$(nproc 2>/dev/null || echo 2)

# MUTANTS (200) more mutants of the domain, ONLY=rulebook of some modules; goes on where the last run stopped.
mutation: setup
	@.venv/bin/python -m tests.bench.mutation $(ONLY)

# Each defence of the LAN server taken away, and the test that then fails; ONLY="cookie JWT" of some. About 30 minutes.
defences: setup
	@.venv/bin/python tests/bench/without.py $(ONLY)

lint: setup
	@packaging/test.sh lint

coverage: setup
	.venv/bin/python -m pytest --cov --cov-report=term-missing:skip-covered --cov-report=html:build/coverage

# After a change of pyproject.toml; `make lock UPGRADE=--upgrade` takes newer versions. No URL gets into the files.
lock: setup
	for set in run dev freeze; do \
	  .venv/bin/uv pip compile $(UPGRADE) --universal --generate-hashes --no-header --no-annotate --quiet \
	    --python .venv/bin/python --python-version 3.11 $$([ $$set = run ] || echo --group $$set) pyproject.toml \
	    -o requirements/$$set.txt >/dev/null || exit 1; \
	done

# dist/fiscalmon/: the program as one folder that needs no Python and no Node (docs/delivery.md).
freeze: setup
	@packaging/freeze.sh

# dist/fiscalmon_VERSION_ARCH.deb; DEB_LEVEL=9 is smaller and takes minutes.
deb: freeze
	@packaging/deb.sh

# The .deb in a bare Debian 12 made with debootstrap: needs root, takes minutes.
try-deb:
	@packaging/try-deb.sh $(ARGS)

# The pictures of the user guide, taken from the running program.
pictures: setup
	@.venv/bin/python packaging/pictures.py docs/guide/pictures

clean:
	rm -rf build dist resources/web .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find fiscalmon device ui resources tests -name __pycache__ -not -path '*/node_modules/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv ui/web/node_modules

# After a change of the window's words: its English catalogue, from which Qt Linguist makes other languages.
i18n: setup
	.venv/bin/pyside6-lupdate -no-obsolete -locations none $$(find ui -name '*.py') -ts resources/i18n/fiscalmon_en.ts
