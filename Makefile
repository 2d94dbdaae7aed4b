# Reprise. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(firstword $(wildcard /usr/bin/python3.13 /usr/bin/python3.12 /usr/bin/python3.11) python3)
VENV := .venv
BIN := $(VENV)/bin
# The site's generator, and the browser's driver: nothing that the station or its tests need.
DOCS_VENV := .venv-docs
PO := $(wildcard app/*/locale/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)
# The light systems that the image carries: folders of live-build/lightos. IMAGES= : the station alone.
IMAGES ?= debian-minimal

# Nothing here gains from -j; what needs packages must find them installed.
.NOTPARALLEL:
# Some shells forbid Python to keep what it compiled: the tests would compile themselves each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: deps
deps: ## install the Debian packages that building and testing need (root); other targets do it
	@live-build/deps.sh

$(VENV)/.done: requirements-dev.lock pyproject.toml
	@# A folder that an attempt without ensurepip left has a Python, but no pip.
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || live-build/deps.sh ca-certificates python3 python3-venv
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: venv
venv: $(VENV)/.done $(MO) ## make .venv with bin/reprise (quick, idempotent)

%.mo: %.po $(VENV)/.done
	$(BIN)/pybabel --quiet compile --use-fuzzy --input-file $< --output-file $@ --locale fr

.PHONY: lint
lint: venv
	$(BIN)/ruff check app tests live-build docs
	$(BIN)/ruff format --check app tests live-build docs
	$(BIN)/mypy
	$(BIN)/lint-imports
	@mkdir -p build
	@{ grep -rhoP --include='*.py' '"reprise[\w.]*[.:]\K[A-Z]\w+(?=")' app; \
	sed -nE 's/^    [A-Z_]+ = "([a-z-]+)", .*/-\1Check/; T; s/-(.)/\U\1/gp' app/reprise/domain/checks/catalogue.py; \
	} >build/found_by_name.py
	$(BIN)/vulture
	$(BIN)/codespell app tests live-build docs config hooks .ci *.md Makefile pyproject.toml

.PHONY: check
check: venv ## lint, types, import contracts, unit tests (under 2 minutes)
	@# A suite waits some of its time: four processes keep two processors busy. The screens' walks
	@# (tests/tui) take minutes; whole servers, PostgreSQL and browsers (pytest.mark.whole), too.
	@$(MAKE) --no-print-directory lint & lint=$$!; \
	$(BIN)/pytest -q -n 4 --no-loadscope-reorder -m "not whole" tests/unit tests/build_scripts tests/workflow tests/server tests/captures; rest=$$?; \
	wait $$lint && exit $$rest

.PHONY: lightos
lightos: deps ## build the small light OS, a text log-in (root)
	live-build/lightos/build.sh debian-minimal

.PHONY: desktop
desktop: deps ## build the desktop that a beneficiary gets (root; some 10 minutes, 10 GB free)
	live-build/lightos/build.sh debian-desktop

.PHONY: image
image: deps venv ## build the live image, build/reprise.iso; IMAGES="debian-desktop …" to install (root)
	$(if $(strip $(IMAGES)),live-build/lightos/build.sh $(IMAGES))
	IMAGES="$(IMAGES)" live-build/build.sh

.PHONY: server-package
server-package: venv ## the central server as a Debian 13 package, build/reprise-server_VERSION_amd64.deb
	live-build/server/package.sh

.PHONY: server-image
server-image: deps server-package ## that package as a container image, build/reprise-server.tar (root)
	live-build/server/image.sh

.PHONY: release
release: deps venv ## both ISOs and the server, signed, in build/release/VERSION; RELEASE_KEY=path of your SSH key (root; an hour)
	@RELEASE_KEY="$(RELEASE_KEY)" $(BIN)/python live-build/release.py

.PHONY: stick
stick: stick-named deps venv image ## write and verify a stick: DEVICE=/dev/sdX; SETTINGS="reprise.toml …" or a folder (root)
	$(BIN)/reprise stick write build/reprise.iso --device "$(DEVICE)" $(SETTINGS:%=--settings %) $(if $(CONFIRM),--confirm "$(CONFIRM)")

.PHONY: stick-named
stick-named:
	@test -n "$(DEVICE)" || { echo "make stick: which stick? DEVICE=/dev/sdX (lsblk lists them)" >&2; exit 2; }

.PHONY: netboot
netboot: deps venv image ## what starting PCs from the network takes, build/netboot; "reprise netboot" serves it
	$(BIN)/python live-build/netboot.py

.PHONY: run
run: deps venv image ## boot the image in a virtual PC with a local server; AUTO=1 plays the technician
	$(BIN)/python tests/vm/run.py $(if $(AUTO),--auto)

.PHONY: demo
demo: venv ## the screens on a made-up PC, no root; MACHINE=desktop|server SPEED=60 FAULT="unplugged …" LINEAR=1
	@$(BIN)/reprise station demo $(if $(MACHINE),--machine $(MACHINE)) $(if $(SPEED),--speed $(SPEED)) $(if $(LINEAR),--linear) $(FAULT:%=--fault %)

.PHONY: snapshots
snapshots: venv ## write what every screen and paper shows now over what was kept; read the diff
	rm -f tests/tui/snapshots/*.txt tests/unit/documents/papers/*.txt
	$(BIN)/pytest -q tests/tui/test_every_screen.py tests/unit/documents/test_papers.py --renew-snapshots

.PHONY: screenshots
screenshots: venv ## draw the pictures of the pages again: real screens, a real certificate, schematic windows
	$(BIN)/python tests/tui/pictures.py
	$(BIN)/python docs/site/drawings.py
	$(BIN)/python docs/site/specimen.py

$(DOCS_VENV)/.done: requirements-docs.lock
	@test -x $(DOCS_VENV)/bin/pip || $(PYTHON) -m venv --clear $(DOCS_VENV)
	$(DOCS_VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.lock
	@touch $@

.PHONY: docs
docs: venv $(DOCS_VENV)/.done ## the site in French and English, build/site/index.html, with the bench card (PDF)
	@$(BIN)/python docs/site/card.py
	@$(DOCS_VENV)/bin/python docs/site/build.py

.PHONY: lab
lab: deps image ## every technique and trap on emulated drives in a guest; writes docs/sanitization.md (root)
	$(BIN)/python tests/vm/lab.py --docs

RUNS ?= 300
SEED ?= 1
JOBS ?= 2
.PHONY: simulate
simulate: venv ## the whole of Reprise on simulated drives, sticks, clocks and networks (RUNS=, SEED=, JOBS=)
	cd tests && PYTHONHASHSEED=0 ../$(BIN)/python -m simulation --runs $(RUNS) --seed $(SEED) --jobs $(JOBS) --counts

LIES ?= 50000
.PHONY: liars
liars: venv ## true reports with words altered at random: none that contradicts itself is erased (LIES=)
	cd tests && ../$(BIN)/python -m liars --altered $(LIES)

.PHONY: mutants
mutants: RUNS = 150
mutants: venv ## change the core in one place at a time; a test must notice (RUNS=1500, SEED=, JOBS=)
	cd tests && PYTHONHASHSEED=0 ../$(BIN)/python -m mutants --runs $(RUNS) --seed $(SEED) --jobs $(JOBS)

SECONDS_OF_LOAD ?= 600
.PHONY: load
load: venv ## reports at a steady pace with readers and strangers, SQLite and PostgreSQL (SECONDS_OF_LOAD=)
	cd tests && ../$(BIN)/python -m load --seconds $(SECONDS_OF_LOAD)

KILLS ?= 100
.PHONY: faults
faults: venv ## what goes wrong around a server, while stations send: nothing acknowledged is lost (KILLS=; root for a full disk)
	cd tests && ../$(BIN)/python -m load.faults --kills $(KILLS)

REPORTS ?= 10000,100000,1000000
.PHONY: growth
growth: venv ## pages and intake as a server's reports add up, on PostgreSQL (REPORTS=; half an hour, 6 GB)
	cd tests && ../$(BIN)/python -m load.growth --reports $(REPORTS)

AGAINST ?=
.PHONY: bench
bench: deps venv ## rates against dd, shred, nwipe and a commit (AGAINST=REV); the screen's pace; start-up against a log-in (root)
	@kept=0; $(BIN)/python tests/bench/bench.py $(if $(AGAINST),--against $(AGAINST)) || kept=1; \
	$(BIN)/python tests/bench/screen_latency.py || kept=1; \
	if [ -e build/reprise.iso ]; then $(BIN)/python tests/bench/boot_time.py || kept=1; \
	else echo "bench: start-up was not measured, as build/reprise.iso is missing: make image first" >&2; fi; \
	exit $$kept

.PHONY: test
test: deps lint ## everything CI runs, the real image in QEMU included (root)
	@# Systems and image are built beside the suites that need none; the others wait for them. A
	@# suite without a guest waits half of its time: three processes, but never three guests.
	@mkdir -p build; rm -f build/lightos.done build/image.done build/server.done; \
	{ $(MAKE) lightos >build/make-lightos.log 2>&1; echo $$? >build/lightos.done; \
	$(MAKE) image netboot >build/make-image.log 2>&1; echo $$? >build/image.done; \
	$(MAKE) server-package server-image >build/make-server.log 2>&1; echo $$? >build/server.done; } & builds=$$!; \
	$(BIN)/pytest -n 3 --no-loadscope-reorder --being-built --durations=30 tests; passed=$$?; \
	wait $$builds; exit $$passed

.PHONY: test-reproducible
test-reproducible: deps venv lightos ## build the image twice and compare the bytes (root, two builds long)
	$(BIN)/pytest tests/reproducible

.PHONY: test-desktop
test-desktop: deps venv desktop ## install the desktop, start it for the first time, look at it, race Debian's live LXQt (root)
	$(BIN)/pytest -q -rP --desktop tests/desktop

.PHONY: measure-desktop
measure-desktop: deps venv ## size, start and idle memory of the desktops that were compared (root)
	$(BIN)/python tests/desktop/measure.py

.PHONY: lock
lock: ## renew the hash-locked requirements
	$(BIN)/pip-compile -q --upgrade --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra server --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra server -c requirements-dev.lock -o requirements-server.lock pyproject.toml
	$(BIN)/pip-compile -q --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements-docs.lock requirements-docs.in

.PHONY: locale
locale: venv ## extract the texts and say what French lacks; twice changes nothing
	@mkdir -p build
	$(call catalogue,reprise,app/babel.cfg,-k _ -k ngettext:1$(comma)2 -k pgettext:1c$(comma)2)
	$(call catalogue,reprise_first_start,app/reprise_first_start/babel.cfg,-k _ -k N_)

comma := ,
# $(1): package, $(2): where its texts are, $(3): which calls hold them. A text is one line, in
# alphabetical order, so that two people's texts meet seldom; the header's empty forms go.
define catalogue
	$(BIN)/pybabel --quiet extract -F $(2) $(3) --no-location --no-wrap --sort-output --project $(1) -o build/$(1).pot app
	$(BIN)/pybabel --quiet update -i build/$(1).pot -d app/$(1)/locale -D $(1) -l fr --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	sed -i '/EMAIL@ADDRESS\|YEAR-MO-DA\|@li\.org\|^"Generated-By/d' app/$(1)/locale/fr/LC_MESSAGES/$(1).po
endef

.PHONY: clean
clean: ## remove what builds left
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache
