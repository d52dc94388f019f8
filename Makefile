# reg: small tools for OCI registries. `make` builds them; README.md says more.

PREFIX ?= /usr/local
CARGO ?= cargo
TOOLS := $(notdir $(wildcard tools/*))
RELEASE = $(or $(CARGO_TARGET_DIR),target)/release
# The OCI conformance suite, a program built from opencontainers/distribution-spec: make conformance OCI_CONFORMANCE=/path/to/it
OCI_CONFORMANCE ?= $(shell command -v oci-conformance || command -v conformance)

build: ## Build release binaries
	$(CARGO) build --release --locked $(foreach tool,$(TOOLS),-p $(tool))

test: ## Run every test that this machine has the parts for
	$(CARGO) test --workspace --locked

lint: ## Formatting and clippy, warnings are errors
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

bless: ## Rewrite what is generated: manual pages, completions
	REG_BLESS=1 $(CARGO) test --locked -p reg-tests --test programs generated

quickstart: build ## Start an embedded registry, set it up and prove it, as a pipeline
	@PATH="$(abspath $(RELEASE)):$$PATH" sh -c '\
	set -e; \
	echo "$$ reg-up start quickstart --type embedded --port 0 | reg-init -r - | reg-test push-pull -r -"; \
	reg-up start quickstart --type embedded --port 0 | reg-init -r - | reg-test push-pull -r - -o json; \
	echo; \
	echo "It runs. Look around and stop it (with $(abspath $(RELEASE)) on PATH):"; \
	echo "  reg-up status quickstart"; \
	echo "  reg-init export -r quickstart"; \
	echo "  reg-up logs quickstart"; \
	echo "  reg-up remove quickstart --purge"'

conformance: build ## Run the OCI conformance suite against the embedded server
	@test -n "$(OCI_CONFORMANCE)" || { echo "make conformance: OCI_CONFORMANCE must name the suite's program" >&2; exit 2; }
	PATH="$(abspath $(RELEASE)):$$PATH" tests/conformance.sh "$(OCI_CONFORMANCE)"

bench: build ## Measure against the real Distribution in the same run; prints ratios
	PATH="$(abspath $(RELEASE)):$$PATH" tests/bench.sh
	PATH="$(abspath $(RELEASE)):$$PATH" tests/bench-users.sh
	PATH="$(abspath $(RELEASE)):$$PATH" tests/bench-init.sh

install: build ## Install binaries, manual pages and completions below PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man7
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -d $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d $(DESTDIR)$(PREFIX)/share/nushell/completions
	install -m 0755 $(addprefix $(RELEASE)/,$(TOOLS)) $(DESTDIR)$(PREFIX)/bin
	install -m 0644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 0644 man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 0644 man/*.7 $(DESTDIR)$(PREFIX)/share/man/man7
	for tool in $(TOOLS); do install -m 0644 completions/bash/$$tool.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$tool; done
	install -m 0644 completions/zsh/_* $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -m 0644 completions/fish/*.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 0644 completions/nushell/*.nu $(DESTDIR)$(PREFIX)/share/nushell/completions

uninstall: ## Remove what install installed
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(TOOLS))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/man/man1/,$(notdir $(wildcard man/*.1)))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/man/man5/,$(notdir $(wildcard man/*.5)))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/man/man7/,$(notdir $(wildcard man/*.7)))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/bash-completion/completions/,$(TOOLS))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_,$(TOOLS))
	rm -f $(foreach tool,$(TOOLS),$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/$(tool).fish)
	rm -f $(foreach tool,$(TOOLS),$(DESTDIR)$(PREFIX)/share/nushell/completions/$(tool).nu)

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

.DEFAULT_GOAL := build
.PHONY: build test lint bless quickstart conformance bench install uninstall help
