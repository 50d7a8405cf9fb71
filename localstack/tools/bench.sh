# The figures that the documentation gives, measured on this machine.
set -euo pipefail
programs=(-p miyabi-cli -p miyabi-infra -p miyabi-issuer-keys -p miyabi-local -p miyabi-progress-collector -p miyabi-push -p miyabi-stream-processor -p miyabi-task-api -p miyabi-worker)

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }'; }

cargo build --locked --quiet "${programs[@]}" --features miyabi-local/cloud
program=$CARGO_TARGET_DIR/debug/miyabi-local
"$program" up >/dev/null
start=$(now); "$program" up >/dev/null 2>&1
echo "up, nothing changed: $(since "$start") (at most 10 s)"
cargo run --locked --quiet -p miyabi-tests --bin miyabi-bench
cargo run --locked --quiet -p miyabi-tests --bin miyabi-bench -- jobs
# A figure that misses its aim fails the whole, but only once everything is measured.
missed=0
cargo bench --locked -p miyabi-cli --bench overhead || missed=1
cargo bench --locked -p miyabi-progress --bench parse -- "$@" || missed=1
# The infrastructure on the real Pulumi engine, and what its compiler takes.
infrastructure=(-p miyabi-infra -p miyabi-pulumi-language-rust -p miyabi-pulumi-stand-in)
cargo build --locked --quiet "${infrastructure[@]}" --bins
cargo run --locked --quiet -p miyabi-pulumi-stand-in --example figures
# One program on our SDK and on Pulumi's for Node. What is measured is what a user would deploy with: optimised.
peers=(-p miyabi-pulumi-stand-in -p miyabi-pulumi-language-rust)
cargo build --locked --quiet --profile bench "${peers[@]}" --bins
cargo run --locked --quiet --profile bench -p miyabi-pulumi-stand-in --example peers
cargo clean --quiet -p miyabi-pulumi-aws
start=$(now); cargo build --locked --quiet -p miyabi-pulumi-aws --features full
echo "the typed AWS resources, all of them, are generated and compile in $(since "$start") (at most 60 s)"
cargo build --locked --quiet -p miyabi-infra
touch infra/stack/src/stack.rs
start=$(now); cargo build --locked --quiet -p miyabi-infra
echo "the infrastructure program after a change of it: $(since "$start")"
exit "$missed"
