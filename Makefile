build:
	cargo build --release --workspace
test:
	cargo test --workspace
lint:
	cargo fmt --check
	cargo clippy --workspace --all-targets -- -D warnings
.PHONY: build test lint
