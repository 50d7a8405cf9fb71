# `./just RECIPE` runs these, and gets `just` itself where it is missing.

set positional-arguments
set shell := ["bash", "-euo", "pipefail", "-c"]

tools := quote(env("MIYABI_PYTHON", "python3")) + " " + quote(justfile_directory() / "localstack/tools/tools.py")
# What `up` needs of the workspace, and nothing more.
programs := "-p miyabi-cli -p miyabi-infra -p miyabi-issuer-keys -p miyabi-local -p miyabi-progress-collector -p miyabi-push -p miyabi-stream-processor -p miyabi-task-api -p miyabi-worker --features miyabi-local/cloud"
# `down`, `status` and `logs` do not build what is there already.
local := tools + " exec -- bash localstack/tools/local.sh"
deploy := tools + " exec --pulumi -- " + quote(env("MIYABI_PYTHON", "python3")) + " " + quote(justfile_directory() / "localstack/tools/deploy.py")

# Show this list
[private]
default:
    @{{ quote(just_executable()) }} --justfile {{ quote(justfile()) }} --list --unsorted

# Start the whole system on this machine: build, deploy what changed, and say where it is
up: build
    @{{ local }} up

# Stop it; what was stored stays
down:
    @{{ local }} down

# Say what runs
[no-exit-message]
status:
    @{{ local }} status

# Show output: all in brief, or one of redis, cloud, edge, worker, page, task-api, progress-collector (-f follows it)
[no-exit-message]
logs *arguments:
    @{{ local }} logs "$@"

# Forget everything that was stored, and start anew
reset: _reset up

[private]
_reset:
    @{{ local }} reset

# Run a few real jobs, to have something to look at: a deployment, a build, a test run that fails
demo: up
    @{{ tools }} exec --deployment -- bash localstack/demo/demo.sh

# Build the programs that `up` needs
build:
    @{{ tools }} exec -- cargo build --locked {{ programs }}

# Run every test; with a filter, only the Rust tests whose names contain it
test *filter:
    @{{ tools }} exec --tests -- bash localstack/tools/test.sh "$@"

# Run Pulumi's conformance suite on the SDK for Rust, or those of its tests whose names contain one of the words
[no-exit-message]
conformance *tests:
    @{{ tools }} exec --conformance -- bash localstack/tools/conformance.sh "$@"

# Check formatting, lints, documentation; licences and the template of production where cargo-deny and checkov are installed
check:
    @{{ tools }} exec -- bash localstack/tools/check.sh

# Show what a deployment of a stage (dev, stg, prod) would change in AWS
[no-exit-message]
preview stage *arguments:
    @{{ deploy }} preview "$@"

# Deploy a stage to AWS: builds everything, shows what would change, and asks (docs/DEPLOY.md)
[no-exit-message]
deploy stage *arguments:
    @{{ deploy }} deploy "$@"

# Delete a stage from AWS: shows what would go, and asks
[no-exit-message]
destroy stage *arguments:
    @{{ deploy }} destroy "$@"

# Any command of the Pulumi CLI, in infra/stack: ./just pulumi stack output --stack dev
[no-exit-message]
pulumi *arguments:
    @{{ deploy }} pulumi "$@"

# Write the generated files anew: the OpenAPI document, the page's types, the reference pages
gen:
    @{{ tools }} exec -- bash localstack/tools/generate.sh

# Measure, and print the figures
bench *arguments:
    @{{ tools }} exec --bench -- bash localstack/tools/bench.sh "$@"

# Let everything fail that can, under load, and write docs/RELIABILITY.md (an hour, most of it the store's model)
drill *arguments:
    @{{ tools }} exec -- bash localstack/tools/drill.sh "$@"

# Fuzz the parser, for a minute a target or for so many seconds, from the captures and the kept corpus
fuzz *seconds:
    @{{ tools }} exec -- bash app/progress/fuzz/fuzz.sh "$@"

# Run the miyabi command of this checkout
run *arguments: build
    @{{ tools }} exec -- bash -c '"$CARGO_TARGET_DIR/debug/miyabi" "$@"' miyabi "$@"

# Format everything
fmt:
    @{{ tools }} exec -- cargo fmt --all

# Install the tools, without doing anything with them
setup:
    @{{ tools }} setup --tests
