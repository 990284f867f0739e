# The few commands there are. Each is a script that says what it does and what it needs.
.PHONY: help demo test lint fuzz bench torture docs-law

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/'

demo: ## build and serve a throw-away provider with customers; prints the address and the log-ins (ARGS="--listen …")
	@scripts/demo.sh $(ARGS)

test: ## everything that must hold: format, lints, licences, tests, documentation, browser
	@scripts/test.sh

lint: ## the quick half of `make test`: format, clippy, licences and bans
	@scripts/test.sh lint

fuzz: ## every fuzz target for FUZZ_SECONDS (60)
	@scripts/fuzz.sh

bench: ## verdicts, verifying, and how much it holds (SCALE=small, one or full); prints tables (ARGS="--sample-count 500")
	@scripts/bench.sh $(ARGS)

torture: ## kill real servers during 10,000 writes on each store, and let everything else go wrong; prints tables (ARGS="--writes 1000")
	@scripts/torture.sh $(ARGS)

docs-law: ## write the law pages (docs/law) again from the packs
	@UPDATE_DOCS=1 cargo test --quiet --package dijkwacht --test it law_pages
