# Faults: everything that can fail, under load, and the store against its model. Writes docs/RELIABILITY.md.
set -euo pipefail
functions=(-p miyabi-progress-collector -p miyabi-task-api)
schedules=${MIYABI_MODEL_SCHEDULES:-100000}

# The functions as they go to AWS, but for the link time.
cargo build --locked --quiet --profile bench "${functions[@]}" --bins
cargo build --locked --quiet -p miyabi-tests --bin miyabi-drill
"$CARGO_TARGET_DIR/debug/miyabi-drill" --programs "$CARGO_TARGET_DIR/release" --write docs/RELIABILITY.md "$@"
echo "the store against its model, $schedules schedules"
MIYABI_MODEL_SCHEDULES=$schedules cargo test --locked --quiet -p miyabi-store --test it -- whatever_happens
