# Everything runs in the one release profile, so the dependencies compile once.
CARGO ?= cargo
ARGS ?=
FUZZ_CASES ?= 5000
FUZZ_FILES ?= 10000
DEMO_CORPUS ?= outputs/demo-corpus
DEMO_MINUTES ?= 20
# The system's own, for which set-up installs NumPy, before one of the user's.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
# What this system has the headers for; FEATURES= for none.
FEATURES ?= $(shell scripts/features.sh)

.DEFAULT_GOAL := run
.PHONY: run test bench lint shots pictures demo examples film fuzz deb tar appimage dist install-test habits

## run: the window, with the demo space open (ARGS="FILE.songspace" or any subcommand)
run:
	@scripts/setup.sh build window
	$(CARGO) run --release --locked $(FEATURES) -- $(ARGS)

## test: the whole suite
test:
	@scripts/setup.sh build window test
	$(CARGO) test --release --locked $(FEATURES)

## bench: speed against a named peer in the same run
bench:
	@scripts/setup.sh build
	$(CARGO) bench --locked

## lint: what a change must pass besides the tests
lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --release --locked --no-deps --document-private-items

## shots: screenshots of the window's states into outputs/screenshots
shots:
	@scripts/setup.sh build window test
	$(CARGO) run --release --locked --example shots -- outputs/screenshots

## pictures: those of README.md and docs/ anew, from the window as it is
pictures: shots
	cp outputs/screenshots/dragging.png assets/screenshot.png
	cp outputs/screenshots/playing.png outputs/screenshots/keys.png outputs/screenshots/training.png outputs/screenshots/sheet.png docs/src

## demo: render the demo corpus and train assets/demo.songspace on it, from nothing
demo:
	@scripts/setup.sh build demo
	$(PYTHON) scripts/make_demo_corpus.py $(DEMO_CORPUS) --jobs 2
	scripts/small_copies.sh $(DEMO_CORPUS) $(DEMO_CORPUS)-small
	$(CARGO) run --release --locked -- train $(DEMO_CORPUS) -o assets/demo.songspace --name Demo --corpus-root $(DEMO_CORPUS) \
		--preset s --half --map-points 600 --originals 600 --originals-from $(DEMO_CORPUS)-small \
		--minutes $(DEMO_MINUTES)

## examples: one place of the demo space under four genres and four moods, a drag across the map and a minute of Endless
examples:
	@scripts/setup.sh build demo
	$(CARGO) build --release --locked --bin songspace
	scripts/make_examples.sh target/release/songspace assets/demo.songspace assets/examples

## film: the window being played, as the README shows it
film:
	@scripts/setup.sh build window test demo
	$(CARGO) build --release --locked --bin songspace
	scripts/film.sh target/release/songspace assets/played.gif

## fuzz: FUZZ_FILES mutated files, 100,000 empty ones and a 1 GB table, then every property with FUZZ_CASES cases
fuzz:
	@scripts/setup.sh build
	SONGSPACE_FUZZ=$(FUZZ_FILES) $(CARGO) test --release --locked --test import_hostile -- --nocapture --test-threads 1
	PROPTEST_CASES=$(FUZZ_CASES) $(CARGO) test --release --locked --lib --tests

## deb, tar, appimage: one package into outputs/packages; dist: all that can be made here
deb tar appimage dist:
	@scripts/setup.sh build package
	scripts/package.sh $@

## install-test: the .deb in a bare Debian: menu entry, a click, sound on a tape, uninstalling (root, once: a download of Debian)
install-test: deb
	@scripts/setup.sh install test
	scripts/install_test.sh

## habits: words, licences, unused crates, packaging files, and that README.md and docs/ are true
habits:
	$(CARGO) build --release --locked --bin songspace
	scripts/habits.sh target/release/songspace
