# Runs each fuzz target for some seconds (60, or the first argument), from the captures and the kept corpus. What breaks a rule is
# left in target/fuzz/found; what is worth keeping is put into fuzz/corpus by `MIYABI_UPDATE_CORPUS=1`.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
target=$(rustc -vV | sed -n 's/^host: //p')
folder=${CARGO_TARGET_DIR:-../../../target}/fuzz
mkdir -p "$folder/found"
folder=$(cd "$folder" && pwd)

# Coverage by LLVM, which the stable compiler can add too: no nightly, no cargo-fuzz.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
cargo build --locked --release --target "$target" --target-dir "$folder"

for name in parser control_line; do
  seeds=$folder/seeds-$name new=$folder/new-$name
  mkdir -p "$seeds" "$new" "corpus/$name"
  if [ "$name" = parser ]; then
    # Each capture's beginning, with a plan of how to read it before it.
    for capture in ../tests/data/*.*; do
      { printf '\0\0\100\7\377\144'; head -c 6000 "$capture"; } > "$seeds/$(basename "$capture")"
    done
  fi
  echo "== $name, $seconds s"
  "$folder/$target/release/$name" "$new" "corpus/$name" "$seeds" -max_total_time="$seconds" -max_len=65536 -timeout=20 \
    -rss_limit_mb=1024 -malloc_limit_mb=16 -artifact_prefix="$folder/found/$name-" -print_final_stats=1 -verbosity=0
  if [ -n "${MIYABI_UPDATE_CORPUS:-}" ]; then
    "$folder/$target/release/$name" -merge=1 -max_len=600 "corpus/$name" "$new"
  fi
done
