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
if command -v checkov >/dev/null; then
  # It reads the template of production, which says nothing of what is in functions and the page.
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
  for function in app/*/; do mkdir -p "$out/functions/$(basename "$function")" && : >"$out/functions/$(basename "$function")/bootstrap"; done
  mkdir -p "$out/page" && : >"$out/page/index.html"
  cargo run --quiet --locked -p miyabi-infra --bin infra -- synth --stage prod --functions "$out/functions" --page "$out/page" --out "$out" 2>/dev/null
  step checkov --config-file infra/stack/checkov.yaml --file "$out/template.json"
else
  printf '\n== checkov is not installed (pipx install checkov): the template of production was not read by it\n' >&2
fi
printf '\nEverything is in order. Next: ./just test\n' >&2
