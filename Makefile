# Patron. `make run` shows it, `make test` proves it.
.PHONY: help run test build generate lint fuzz sanitize chaos bench-rpc bench-messages bench-gateway bench-checkout bench-points clean

help: ## Shows these commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

# What `make run` starts.
suite := $(shell sed -n 's/^ *"name": "\(.*\)",/\1/p' services/catalogue.json | paste -sd,),patron

run: ## Installs what is missing, builds, starts the suite and replays a month of sales through it. ARGS=--stay: stay up.
	@scripts/install
	@scripts/build release --products $(suite)
	@exec .build/release/patron demo $(ARGS)

test: ## Builds and tests everything from nothing.
	@scripts/test

build: ## Builds everything in release mode.
	@scripts/install
	@scripts/build release

generate: ## Generates C and Swift from proto/ anew.
	@scripts/install --test
	@scripts/generate

lint: ## Checks the formatting of every Swift source.
	@scripts/lint

fuzz: ## Searches for inputs that break the runtime, 5 minutes for each of eight targets; then walks the suite with 20 seeds.
	@scripts/install --test
	@scripts/fuzz

sanitize: ## Runs the tests under AddressSanitizer and ThreadSanitizer.
	@scripts/install --test
	@scripts/sanitize

chaos: ## Breaks the ledger's surroundings 200 times and proves that nothing is lost or doubled.
	@scripts/install
	@scripts/build release --products $(suite),patron-lab
	@exec .build/release/patron-lab chaos

bench-rpc: ## Measures our RPC runtime beside grpc-swift-2.
	@scripts/install --test
	@Benchmarks/bench-rpc

bench-messages: ## Measures decoding and encoding beside swift-protobuf.
	@scripts/install --test
	@Benchmarks/bench-messages

bench-gateway: ## Measures the gateway's way to the web beside loyalty itself, hummingbird and FastAPI.
	@scripts/install --test
	@scripts/build release --products $(suite)
	@Benchmarks/bench-gateway

bench-checkout: ## Measures checkouts through the gateway beside pgbench.
	@scripts/install --test
	@scripts/build release --products $(suite),patron-lab
	@exec .build/release/patron-lab bench-checkout

bench-points: ## Measures the points service beside a transaction per request.
	@scripts/install --test
	@scripts/build release --products $(suite),patron-lab
	@exec .build/release/patron-lab bench-points

clean: ## Removes what was built and the private PostgreSQL with its data.
	@rm -rf .build .build-fuzz .build-address .build-thread .local .venv Benchmarks/.build Benchmarks/.venv
