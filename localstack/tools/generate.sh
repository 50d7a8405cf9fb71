# Writes generated files anew. Each has a test that fails while it is out of date.
set -euo pipefail
export MIYABI_UPDATE_DOCS=1
cargo test --locked -q -p miyabi-task-api --lib openapi
cargo test --locked -q -p miyabi-shared --lib
cargo test --locked -q -p miyabi-progress --test it -- table
cargo test --locked -q -p miyabi-infra --test it generated
cd app/dashboard
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund
npm run --silent types
cd ../..
git status --short -- app docs shared
