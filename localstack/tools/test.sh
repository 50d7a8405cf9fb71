# Every test: Rust, page, and the whole system. Ends with each runner's own closing line, and fails when one failed.
set -uo pipefail
begin=$SECONDS
summary=$(mktemp)
output=$(mktemp)
trap 'rm -f "$summary" "$output"' EXIT
failed=0

# run NAME PATTERN COMMAND…: runs a command in full view and keeps its closing lines.
run() {
  local name=$1 pattern=$2 start=$SECONDS status=0
  shift 2
  printf '\n== %s: %s\n' "$name" "$*"
  "$@" 2>&1 | tee "$output"
  status=${PIPESTATUS[0]}
  {
    if [ "$status" = 0 ]; then printf '✓ %s (%s s)\n' "$name" $((SECONDS - start)); else
      printf '✗ %s (%s s, exit code %s)\n' "$name" $((SECONDS - start)) "$status"; fi
    # Colours would hide the words.
    sed 's/\x1b\[[0-9;]*m//g' "$output" | grep -E "$pattern" | grep -vE '\b0 passed; 0 failed' | sed 's/^ */    /'
  } >>"$summary"
  [ "$status" = 0 ] || failed=1
  return "$status"
}

features=(--locked --workspace --features miyabi-local/cloud)
if [ $# -gt 0 ]; then
  run build '^(error|warning: unused)' cargo build "${features[@]}" --bins --tests &&
    run rust '^test result|^test .*FAILED' cargo test "${features[@]}" --no-fail-fast -- "$@"
else
  # The page first: the system test looks at it.
  packages() { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund; }
  cd app/dashboard || exit 1
  run 'page: packages' '^added|^changed' packages &&
    run 'page: check' '^ *(Test Files|Tests|FAIL) |^Found [0-9]+ warnings|error TS|^AssertionError|^Error: ' npm run check &&
    run 'page: build' '^✓' npm run build
  if [ -e playwright.config.ts ]; then
    run 'page: in a browser' '^ *[0-9]+ (passed|failed|flaky|skipped)|^FAILED ' npm run e2e
  fi
  cd ../.. || exit 1
  # Programs and tests in one go: apart, cargo would build what they share twice.
  run build '^error' cargo build "${features[@]}" --bins --tests &&
    run rust '^test result|^test .*FAILED' cargo test "${features[@]}" --no-fail-fast
fi

printf '\n== In short\n'
cat "$summary"
elapsed=$((SECONDS - begin))
if [ "$failed" = 0 ]; then
  printf '\nEvery test passed in %s min %s s. Next: ./just up, or ./just check before a commit.\n' $((elapsed / 60)) $((elapsed % 60))
else
  printf '\nTESTS FAILED after %s min %s s: see the ✗ above. One again: ./just test NAME\n' $((elapsed / 60)) $((elapsed % 60))
  exit 1
fi
