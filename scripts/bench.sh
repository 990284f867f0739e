#!/usr/bin/env bash
# How fast verdicts come, in the release profile, on one core; prints the machine and a table. Run it when nothing else
# does. What was measured stands in docs/benchmarks.md; nothing here fails on a slow machine.
. "$(dirname "$0")/common.sh"
require cargo rustc cc

pinned=()
if has taskset; then pinned=(taskset -c 0); fi
cargo bench --locked --package law --bench assess --no-run
cargo bench --locked --package register --bench verify --no-run
printf 'machine: %s, %s core(s), load %s; %s; %s\n' \
  "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1 | grep . || uname -m)" \
  "$(getconf _NPROCESSORS_ONLN)" "$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown)" \
  "$(rustc --version)" "$(date -u +%Y-%m-%d)"
"${pinned[@]}" cargo bench --quiet --locked --package law --bench assess -- "$@"
# Verifying an export, beside bare SHA-256 over the same bytes.
exec "${pinned[@]}" cargo bench --quiet --locked --package register --bench verify
