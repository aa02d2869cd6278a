# Everything runs in the one release profile, so the dependencies compile once.
CARGO ?= cargo
ARGS ?=
FUZZ_CASES ?= 5000
DEMO_CORPUS ?= outputs/demo-corpus
DEMO_MINUTES ?= 42

.DEFAULT_GOAL := run
.PHONY: run test bench lint shots demo fuzz

## run: the window, with the demo space open (ARGS="FILE.songspace" or any subcommand)
run:
	@scripts/setup.sh build window
	$(CARGO) run --release --locked -- $(ARGS)

## test: the whole suite
test:
	@scripts/setup.sh build window test
	$(CARGO) test --release --locked

## bench: speed against a named peer in the same run
bench:
	@scripts/setup.sh build
	$(CARGO) bench --locked

## lint: what a change must pass besides the tests
lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --locked --all-targets -- -D warnings

## shots: screenshots of the window's states into outputs/screenshots
shots:
	@scripts/setup.sh build window test
	$(CARGO) run --release --locked --example shots -- outputs/screenshots

## demo: render the demo corpus and train assets/demo.songspace on it, from nothing
demo:
	@scripts/setup.sh build demo
	scripts/make_demo_corpus.py $(DEMO_CORPUS)
	$(CARGO) run --release --locked -- train $(DEMO_CORPUS) -o assets/demo.songspace --name Demo --corpus-root $(DEMO_CORPUS) \
		--preset s --half --latent-local 48 --map-points 2000 --originals 300 --minutes $(DEMO_MINUTES)

## fuzz: the property and hostile-file tests with FUZZ_CASES random cases each instead of a few
fuzz:
	@scripts/setup.sh build
	PROPTEST_CASES=$(FUZZ_CASES) $(CARGO) test --release --locked --lib --tests
