#!/usr/bin/env bash
# Runs every fuzz target for FUZZ_SECONDS (60), or those named as arguments. Coverage comes from the stable compiler's
# own pass and libFuzzer; neither a nightly compiler nor cargo-fuzz is needed. What makes a target fail is left in
# fuzz/artifacts/TARGET, and its way back is `fuzz/…/TARGET FILE`.
. "$(dirname "$0")/common.sh"
require cargo rustc cc
system_package c++ "libFuzzer, which is C++" g++ || exit 2

seconds=${FUZZ_SECONDS:-60}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(packet capture dns tls http http2 logins personal facts pack backup proof sheets archive sensor_report memory sensor_answer netflow log_lines lists)
triple=$(rustc -vV | sed -n 's/^host: //p')
built=$(target_folder)/fuzz
instrument="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions"

cd fuzz
cargo run --quiet --locked --bin seeds --target-dir "$built" -- seeds
bins=()
for target in "${targets[@]}"; do bins+=(--bin "$target"); done
RUSTFLAGS=$instrument cargo build --release --locked --features targets "${bins[@]}" --target "$triple" --target-dir "$built"

failed=()
for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "artifacts/$target"
  say "== $target, $seconds s"
  log=artifacts/$target.log
  if "$built/$triple/release/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=16384 \
    -print_final_stats=1 -artifact_prefix="artifacts/$target/" "corpus/$target" "seeds/$target" >"$log" 2>&1; then
    # What it covered at the start and at the end, and how often it ran.
    grep -E '\b(INITED|DONE)\b|^stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' "$log"
  else
    failed+=("$target")
    tail -n 40 "$log"
  fi
done
echo "$((${#targets[@]} - ${#failed[@]})) passed, ${#failed[@]} failed"
[ ${#failed[@]} -eq 0 ] || stop "failed: ${failed[*]}; the inputs are in fuzz/artifacts"
