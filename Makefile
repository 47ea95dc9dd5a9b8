# make          build everything into bin/
# make run      build, record a few seconds of the example rig, verify and draw it
# make test     every test; make check is the quick gate before it
.DELETE_ON_ERROR:
.PHONY: build emulator run check test deps lint bench chaos vendor-examples clean
GO ?= go
VERSION ?= 0.1.0-dev
LDFLAGS := -X main.version=$(VERSION)
PLUGINS := $(notdir $(patsubst %/main.go,%,$(wildcard plugins/*/main.go)))
CROSS := windows/amd64 darwin/arm64 linux/arm64

build: emulator
	@mkdir -p bin/plugins
	$(GO) build -ldflags '$(LDFLAGS)' -o bin/logger ./cmd/logger
	$(GO) build -ldflags '$(LDFLAGS)' -o bin/drivercheck ./cmd/drivercheck
	@for p in $(PLUGINS); do \
		echo "$(GO) build -o bin/plugins/$$p ./plugins/$$p"; \
		$(GO) build -ldflags '$(LDFLAGS)' -o bin/plugins/$$p ./plugins/$$p || exit 1; \
	done

# The emulated vendor libraries, for plugins and for anybody's programs: see docs/emulator.md. They belong to Linux.
emulator:
	@mkdir -p bin/emulator
	@if [ "$$(uname -s)" != Linux ] || ! command -v $(CC) >/dev/null 2>&1; then \
		echo "no C compiler for Linux: built without the emulated vendor libraries and without vendor bindings"; \
	else \
		$(MAKE) --no-print-directory -s -C emulator OUT=$(CURDIR)/bin/emulator VERSION=$(VERSION); \
	fi

run: build
	@scripts/run.sh

# The quick gate: format, vet, build with and without cgo and for the other systems, import arrows, example plans.
check: build
	@scripts/check.sh "$(GO)" "$(CROSS)"

# -race needs cgo; the packages that tests need are in scripts/packages.txt.
test: deps check
	@SCOPELOG_BIN=$(CURDIR)/bin $(GO) test -count=1 -json -race -timeout 15m ./... 2>&1 | $(GO) run ./internal/testreport

deps:
	@scripts/deps.sh

lint:
	@scripts/lint.sh

bench: build
	@scripts/bench.sh $(BASELINE)

# Harm of all kinds to the built program, at random, for an hour: see docs/reliability.md, whose table it writes. FOR=10m is shorter, SEED=n
# makes it the same again, KINDS=a,b picks kinds, REPLAY=KIND/SEED is one trial.
FOR ?= 1h
chaos: build
	$(GO) run ./internal/chaos $(if $(REPLAY),-replay $(REPLAY),-for $(FOR) -doc docs/reliability.md $(if $(SEED),-seed $(SEED)) $(if $(KINDS),-kinds $(KINDS)))

# The vendor's own example programs against the emulated libraries: WRAPPERS is a checkout of picosdk-python-wrappers,
# PYPICOSDK one of pyPicoSDK. Either may be left away.
vendor-examples: emulator
	@if [ -z "$(WRAPPERS)$(PYPICOSDK)" ]; then echo "usage: make vendor-examples [WRAPPERS=dir] [PYPICOSDK=dir]"; exit 2; fi
	@if [ -n "$(WRAPPERS)" ]; then scripts/vendor-examples.sh "$(WRAPPERS)"; fi
	@if [ -n "$(PYPICOSDK)" ]; then scripts/pypicosdk-examples.sh bin/emulator "$(PYPICOSDK)"; fi

clean:
	rm -rf bin build
