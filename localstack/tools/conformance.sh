# Pulumi's conformance suite on the SDK for Rust: `just conformance [TEST…]`, or `just conformance --help`.
set -euo pipefail
cargo build --locked --quiet -p miyabi-pulumi-conformance -p miyabi-pulumi-language-rust --bins
exec "$CARGO_TARGET_DIR/debug/pulumi-conformance" --page docs/CONFORMANCE.md "$@"
