# Everything that can be wrong without running anything.
set -euo pipefail
step() { printf '\n== %s\n' "$*" >&2; "$@"; }

step cargo fmt --all --check
step cargo clippy --locked --workspace --all-targets --features miyabi-local/cloud -- -D warnings
RUSTDOCFLAGS="-D warnings" step cargo doc --locked --workspace --no-deps --document-private-items --features miyabi-local/cloud
if command -v cargo-deny >/dev/null; then
  step cargo deny --offline check bans licenses sources
else
  printf '\n== cargo-deny is not installed (cargo install --locked cargo-deny): licences were not checked\n' >&2
fi
printf '\nEverything is in order. Next: ./just test\n' >&2
