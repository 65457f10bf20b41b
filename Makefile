# `make` alone does what CI does: build, vet, lint, test. CI runs plant, large-org, fuzz-briefly and
# bench-briefly besides.

SHELL := /bin/bash
BUILD := .build
GO_BUILD := CGO_ENABLED=0 go build -tags lambda.norpc -trimpath -buildvcs=false -ldflags '-s -w'
ENGINE := scripts/local/node_modules/.package-lock.json
PAGE := scripts/browser/node_modules/.package-lock.json

STAGE ?= test
FUZZTIME ?= 10s
REDOCLY := scripts/openapi/node_modules/.bin/redocly
CDK := infra/node_modules/.bin/cdk
# The CDK says in a banner, each time, that Node 20 is past its end.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

.PHONY: all build vet lint test fuzz fuzz-briefly bench bench-briefly plant large-org large-log cost load run package check synth deploy diff destroy vendor screenshots openapi openapi-lint openapi-try template-lint audit clean

all: build vet lint test

# One build for all functions, then one folder each, with the bootstrap that Lambda runs.
build:
	@mkdir -p $(BUILD)/bin
	$(GO_BUILD) -o $(BUILD)/bin/ ./functions/...
	@for f in $(BUILD)/bin/*; do mkdir -p $(BUILD)/functions/$${f##*/} && ln -f $$f $(BUILD)/functions/$${f##*/}/bootstrap; done

vet:
	go vet ./...

lint: openapi-lint
	@unformatted=$$(go tool gofumpt -l functions infra shared scripts); test -z "$$unformatted" || { echo "not gofumpt-ed: $$unformatted"; exit 1; }
	go tool staticcheck ./...
	go tool go-errorlint ./...

# Tests side by side leave no core idle: less is collected, and each engine has the one thread that it needs.
test: build $(ENGINE) $(PAGE)
	@command -v chromium-headless-shell chrome-headless-shell chromium chromium-browser google-chrome >/dev/null || echo "There is no Chromium here: the portal is not tried in a browser."
	GOGC=400 TOKIO_WORKER_THREADS=1 go test ./...

# Measures starts and sizes, warm requests, the gateway and costs, and prints the README's tables. Wants a
# machine with nothing else to do, for seven minutes.
bench: build $(ENGINE)
	go test ./scripts/bench -run '^$$' -bench Start -benchtime 50x -timeout 30m
	go test ./scripts/bench -run '^$$' -bench 'Warm|Gateway' -benchtime 2000x -timeout 30m
	@$(MAKE) --no-print-directory cost

# The same for a moment, which CI does, so that none of it rots.
bench-briefly: build $(ENGINE)
	go test ./scripts/bench -run '^$$' -bench '(Start|Warm|Gateway)/(org-search|mail-send|portal)$$' -benchtime 1x

# Reads a log of 100,000 entries as one window, and prints what that takes.
large-log: build $(ENGINE)
	go test ./scripts/bench -run LargeLog -log.entries 100000 -v

# Prints what a million calls of each operation cost, as the README has it.
cost: build $(ENGINE)
	go test ./scripts/cost -run '^$$' -bench Cost -benchtime 1x -timeout 30m

# Mixed traffic over 10,000 organizations with 200,000 members, of as many clients as it takes to be
# fastest, for ten minutes. Fails where a request does, or memory or latency grows.
load: build $(ENGINE)
	scripts/bench/load -load.orgs 10000 -load.members 20 -load.actors 500 -load.step 20s -load.time 10m -load.every 1m

# Feeds every decoder with what nobody thought of, FUZZTIME each. `make test` holds them to what was found
# before, which is in the packages' testdata/fuzz.
fuzz: $(ENGINE)
	@scripts/fuzz/run guided $(FUZZTIME)

# The same 500 times, which CI does behind `make`: what it meets by luck is a bug all the same. It is
# without the guidance of coverage, for which everything has to be compiled again.
fuzz-briefly: $(ENGINE)
	@scripts/fuzz/run unguided 500x

# Plants every bug that there is into functions, of which `make test` plants some, and expects each to be
# caught. CI does so behind `make`.
plant: build $(ENGINE)
	go test ./scripts/storm -run Bug -storm.bugs 1000

# Deletes an organization of 5,000 members and 500 who are invited while its purge is killed, which CI does
# behind `make`; in `make test` it has a fifth of them.
large-org: build $(ENGINE)
	go test ./scripts/storm -run ALargeOrganization -storm.many 5000

# Starts all of Roster on loopback: PORT (8080), ROSTER_* settings, DYNAMODB_ENDPOINT.
run: build $(ENGINE)
	@go build -o $(BUILD)/local ./scripts/local && exec $(BUILD)/local

# The functions as they are deployed, apart from those that run here.
package:
	@mkdir -p $(BUILD)/arm64
	GOOS=linux GOARCH=arm64 $(GO_BUILD) -o $(BUILD)/arm64.bin/ ./functions/...
	@for f in $(BUILD)/arm64.bin/*; do mkdir -p $(BUILD)/arm64/$${f##*/} && ln -f $$f $(BUILD)/arm64/$${f##*/}/bootstrap; done

# Says what a deployment of STAGE still needs, before it fails for want of it.
check:
	@go run ./scripts/operate check $(STAGE)

# Writes the template of STAGE (test), a stage of cdk.json, into cdk.out. Asks nothing of AWS.
synth: package
	STAGE=$(STAGE) go run ./infra

# Deploys STAGE, shows what that would change, removes it. AWS credentials are those of the CDK CLI, and
# FLAGS goes to it: FLAGS='--require-approval never' asks nothing.
deploy diff destroy: package $(CDK)
	STAGE=$(STAGE) $(CDK) $@ $(FLAGS)

$(CDK): infra/package.json infra/package-lock.json
	npm ci --prefix infra --no-audit --no-fund
	@touch $@

$(ENGINE): scripts/local/package.json scripts/local/package-lock.json
	npm ci --prefix scripts/local --no-audit --no-fund
	@touch $@

$(PAGE): scripts/browser/package.json scripts/browser/package-lock.json
	npm ci --prefix scripts/browser --no-audit --no-fund
	@touch $@

# Takes the pictures of the portal that README.md shows.
screenshots: build $(ENGINE) $(PAGE)
	go test ./scripts/browser -run TestEveryPageIsForEverybody -count=1 -pictures

# Copies what the portal takes from npm, in the versions of scripts/browser/package.json.
vendor: $(PAGE)
	go run ./scripts/browser/vendor

# Writes functions/openapi/openapi.json from what scripts/openapi says of the routes.
openapi:
	go run ./scripts/openapi

openapi-lint: $(REDOCLY)
	@REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(REDOCLY) lint --config scripts/openapi/redocly.yaml functions/openapi/openapi.json

$(REDOCLY): scripts/openapi/package.json scripts/openapi/package-lock.json
	npm ci --prefix scripts/openapi --no-audit --no-fund
	@touch $@

# A second opinion on the document and the API, where there is Python.
openapi-try: build $(ENGINE)
	go build -o $(BUILD)/local ./scripts/local && scripts/openapi/try

# A second opinion on the template of STAGE, where there is Python.
template-lint: synth
	infra/lint cdk.out/roster-$(STAGE).template.json

# Known vulnerabilities, where the database of them can be reached, and second opinions.
audit: openapi-lint openapi-try template-lint
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

clean:
	rm -rf $(BUILD) cdk.out
