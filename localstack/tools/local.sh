# Runs miyabi-local, and builds it first where it was never built.
set -euo pipefail
program=$CARGO_TARGET_DIR/debug/miyabi-local
if [ ! -x "$program" ]; then
  cargo build --locked -p miyabi-local --features cloud
fi
exec "$program" "$@"
