# The figures that the documentation gives, measured on this machine.
set -euo pipefail
programs=(-p miyabi-cli -p miyabi-infra -p miyabi-local -p miyabi-progress-collector -p miyabi-task-api)

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }'; }

cargo build --locked --quiet "${programs[@]}" --features miyabi-local/cloud
program=$CARGO_TARGET_DIR/debug/miyabi-local
"$program" up >/dev/null
start=$(now); "$program" up >/dev/null 2>&1
echo "up, nothing changed: $(since "$start") (at most 10 s)"
cargo run --locked --quiet -p miyabi-tests --bin miyabi-bench
cargo bench --locked -p miyabi-cli --bench overhead
cargo bench --locked -p miyabi-progress --bench parse -- "$@"
