# A few real jobs through `miyabi run`, so that the page has something to show. Needs the local cloud to be up.
set -euo pipefail
root=$PWD
set -a
. "$root/.local/env"
set +a
miyabi=$root/.local/bin/miyabi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

say() { printf '\n== %s\n' "$1"; }
job() { "$miyabi" run --project demo "$@"; }

say "Watch them at $MIYABI_DASHBOARD_URL"

say "1 of 3: the AWS CDK deploys 44 resources to the local cloud"
cd "$MIYABI_DEPLOYMENT"
cdk=(npx cdk --output "$scratch/cdk.out")
# What the last demo deployed has to go first, or there is nothing to deploy.
"${cdk[@]}" destroy --force >"$scratch/destroy.log" 2>&1 || { cat "$scratch/destroy.log"; exit 1; }
job --name "Deploy the shop" -- "${cdk[@]}" deploy --require-approval never --progress events

say "2 of 3: cargo builds a crate and all that it uses"
cd "$root"
job --name "Build the contract" -- cargo build --locked -p miyabi-shared --target-dir "$scratch/target"

say "3 of 3: a test run that fails, as some do"
cd "$root/localstack/demo/tests"
if job --name "Test the shop" -- cargo test --target-dir "$scratch/target" -- --test-threads 1; then
  echo "error: the tests of the demo were meant to fail" >&2
  exit 1
fi

say "What ran"
"$miyabi" tasks --project demo
printf '\nThe same, with steps and logs: %s\nA job of your own: miyabi run -- COMMAND\n' "$MIYABI_DASHBOARD_URL"
