# make run    the whole product on this machine: environment, database, demo, web, worker, schedule
# make stop   stops it from another terminal
# make verify  proves that the audit log is unchanged, whether Jejak runs or not; ARGS="--head POSITION:HASH" (docs/operations.md)
# make test   what is needed to trust a change, on a real PostgreSQL and in a real browser; ARGS=--all for all that is proved
# make shuffle  the same tests in an order drawn by chance: prints its seed first; ARGS="--seed N" repeats it
# make check  lint, types, import contracts, migrations, deployment checks, translations, dead pieces, docs/asvs.md
# make bench  speed, each figure against its floor
# make faults reminders against killed workers, a falling database, a lost broker and a hostile mail server
# make attack  a running Jejak as an intruder would attack it; ARGS="rights files" for some, --write for docs/security.md
# make load  500 people at their usual pace on this machine; ARGS=--write for docs/scale.md
# make upgrade  rolls this tree out over the last release and back, while twenty people work: is anything lost?
# make drill  backs up a history of years, destroys it, restores it to an empty host and proves it; ARGS="--files 200 --updates 1500"
# make failover  two web hosts, and a database whose replica takes over while twenty people work (as root)
# make watch  each part of an installation broken once: doctor, metrics and readiness must say so; as root
# make lighthouse  the ten main pages as Lighthouse judges them, on a phone and on a desktop
# make pictures  the pictures of the guides and of the tour, taken anew of the demonstration
# make fresh  both commands of the README on a bare Debian, as root; ARGS=run or ARGS="test …" for one of them
# make install-trial  docs/install.md, backups.md and anchors.md on a bare Debian with systemd, as root, until all was restored
# make containers  the compose file with a real engine, as root, on bases of Debian's packages (docs/containers.md)
# make mutants  changes the core a little, again and again: do the tests notice? ARGS=states for one area (docs/mutants.md)
# make lock   locks the dependencies anew
# make release  the archive of the commit, what it is made of (CycloneDX) and the sums of both, in dist/
# make clean  removes environment, data and caches of this folder

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$p; break; fi; done)
ENVIRONMENT_OF = @test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or write PYTHON=…"; exit 1; }; \
	$(PYTHON) tracker/environment.py
IN = .venv/bin/python
VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"$$/\1/p' tracker/__init__.py)
RELEASE = dist/jejak-$(VERSION)

.PHONY: run stop verify test shuffle check bench faults attack drill load upgrade failover lighthouse pictures fresh install-trial containers mutants lock watch release clean

run:
	$(ENVIRONMENT_OF) requirements.txt
	@exec $(IN) -m tracker.run

stop:
	@test ! -x $(IN) || $(IN) -m tracker.run stop

verify:
	$(ENVIRONMENT_OF) requirements.txt
	@exec $(IN) -m tracker.run verify $(ARGS)

test:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs chromium libreoffice pdftotext unzip glewlwyd pgbouncer nginx-test systemd-analyze
	@exec $(IN) -m pytest -n auto --dist worksteal --durations=10 $(ARGS)

shuffle:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs chromium libreoffice pdftotext unzip glewlwyd pgbouncer nginx-test systemd-analyze
	@exec $(IN) -m pytest -n auto --dist worksteal --shuffle $(ARGS)

check:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@exec $(IN) -m tracker.house.check $(ARGS)

bench:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@exec $(IN) -m benchmarks $(ARGS)

faults:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs valkey
	@exec $(IN) -m benchmarks.faults $(ARGS)

attack:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs nginx openssl npm-attack sqlmap slowhttptest testssl pdftotext-attack
	@exec $(IN) -m attacks $(ARGS)

load:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@exec $(IN) -m trials.load $(ARGS)

upgrade:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs nginx-upgrade valkey-upgrade openssl-upgrade
	@exec $(IN) -m trials.upgrade $(ARGS)

drill:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs postgresql pgbackrest restic
	@exec $(IN) -m trials.drill $(ARGS)

failover:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs nginx-upgrade valkey-upgrade openssl-upgrade pgbouncer iproute glusterfs keepalived
	@exec $(IN) -m trials.failover $(ARGS)

watch:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs promtool valkey
	@exec $(IN) -m trials.watch $(ARGS)

lighthouse:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs chromium npm
	@exec $(IN) -m benchmarks.lighthouse

pictures:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs chromium
	@exec $(IN) -m tests.pictures $(ARGS)

fresh:
	$(ENVIRONMENT_OF) requirements.txt
	@$(IN) -m tracker.house.programs mmdebstrap
	@exec $(IN) -m tracker.house.fresh $(ARGS)

install-trial:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs mmdebstrap-trial slirp4netns openssl-trial
	@exec $(IN) -m trials.install $(ARGS)

containers:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@$(IN) -m tracker.house.programs podman docker docker-compose mmdebstrap-containers
	@exec $(IN) -m trials.containers

mutants:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@exec $(IN) -m tests.mutants $(ARGS)

lock:
	$(ENVIRONMENT_OF) requirements-dev.txt
	$(IN) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	$(IN) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt

release:
	$(ENVIRONMENT_OF) requirements-dev.txt
	@mkdir -p dist
	git archive --prefix=jejak-$(VERSION)/ --output=$(RELEASE).tar.gz HEAD
	$(IN) -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --output-file $(RELEASE).cdx.json
	@cd dist && sha256sum jejak-$(VERSION).tar.gz jejak-$(VERSION).cdx.json | tee jejak-$(VERSION).sha256

clean: stop
	rm -rf .venv .jejak staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
