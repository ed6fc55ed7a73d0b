# Two commands: `make demo` and `make test`. Each sets up what is missing first.

PACKAGES = libopenblas-dev libsentencepiece-dev zlib1g-dev libsqlite3-dev pkg-config make g++
GLOSS = .build/release/gloss
DEMO_USER = marla_k

PEERS = .build/peers

.PHONY: demo test build bench bench-peers format clean setup

## Annotate the samples into a temporary store and show one user's profile.
demo: build
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(GLOSS) annotate corpora/samples/reviews.jsonl --store "$$folder/demo.sqlite" && \
	$(GLOSS) profile show $(DEMO_USER) --store "$$folder/demo.sqlite"

## Run every test. Tests run optimised: numeric code is thirty times slower without.
test: setup
	swift test -c release -Xswiftc -enable-testing --scratch-path .build/tests

build: setup
	swift build -c release --product gloss

## Time the parts of Gloss on this machine.
bench: build
	$(GLOSS) benchmark

## Time Gloss beside PyTorch, ONNX Runtime and sentencepiece, in turn; takes some twenty minutes.
bench-peers: build
	python3 -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet -r training/peers/requirements.txt
	$(PEERS)/bin/python training/peers/compare.py $(GLOSS) --model models/gloss-tiny

format:
	swift format --in-place --recursive Package.swift Sources Tests

clean:
	rm -rf .build

## The C libraries, from Debian's packages; elsewhere it says what is needed.
setup:
	@missing=; \
	if command -v dpkg-query >/dev/null; then \
	  for package in $(PACKAGES); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	  done; \
	  if [ -n "$$missing" ]; then \
	    echo "installing$$missing" >&2; \
	    sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >&2 || exit 1; \
	  fi; \
	elif ! pkg-config --exists openblas sentencepiece zlib sqlite3; then \
	  echo "Gloss needs OpenBLAS, SentencePiece, zlib and SQLite with their headers and pkg-config files;" >&2; \
	  echo "install them (on Debian: $(PACKAGES)) and run make again" >&2; exit 1; \
	fi
	@command -v swift >/dev/null || { echo "Gloss needs Swift 6.3: https://www.swift.org/install" >&2; exit 1; }
