#!/usr/bin/env bash
# How fast verdicts come, how fast an export is verified, and how much the program holds; prints the machine and tables.
# Run it when nothing else does. What was measured stands in docs/benchmarks.md; nothing here fails on a slow machine.
#
#   SCALE=small|one|full  how large the provider is on which the program is measured (small); `one`: its largest customer alone,
#                     `full` takes up to an hour
#   ONLY=scale        leaves the verdicts and the bare verifying out, and the sensor
#   ONLY=sensor       measures the sensor alone (scripts/bench-sensor.sh has what it is measured with)
. "$(dirname "$0")/common.sh"
. scripts/postgres.sh
require cargo rustc cc

size=${SCALE:-small}
profile=${PROFILE:-release}
folder=
trap 'stop_postgres; [ -z "$folder" ] || rm -rf "$folder"' EXIT

pinned=()
if has taskset; then pinned=(taskset -c 0); fi
printf 'machine: %s, %s core(s), load %s; %s; %s\n\n' \
  "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1 | grep . || uname -m)" \
  "$(getconf _NPROCESSORS_ONLN)" "$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown)" \
  "$(rustc --version)" "$(date -u +%Y-%m-%d)"

case ${ONLY:-} in
'' | sensor) . scripts/bench-sensor.sh ;;
esac
[ "${ONLY:-}" != sensor ] || exit 0

if [ "${ONLY:-}" != scale ]; then
  cargo bench --locked --package law --bench assess --no-run
  cargo bench --locked --package register --bench verify --no-run
  "${pinned[@]}" cargo bench --quiet --locked --package law --bench assess -- "$@"
  # Verifying an export, beside bare SHA-256 over the same bytes.
  "${pinned[@]}" cargo bench --quiet --locked --package register --bench verify
  printf '\n'
fi

# How much it holds: the real program on stores with a large provider in them.
cargo build --quiet --locked --profile "$profile" --package dijkwacht --package scale
programs=$(target_folder)/$profile
folder=$(mktemp -d "${TMPDIR:-/tmp}/dijkwacht-scale.XXXXXX")
scale=("$programs/scale" --size "$size" --folder "$folder")
# Here what a commit costs is measured: the server's defaults, and nothing turned off.
if start_postgres; then scale+=(--postgres "$DIJKWACHT_TEST_POSTGRES"); fi
"${scale[@]}" fill
printf 'load while it was measured: %s; ' "$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown)"
printf '%s; ' "$("$programs/dijkwacht" --version)"
if has postgres; then postgres --version; else printf 'no PostgreSQL\n'; fi
printf '\n'
"${scale[@]}" measure --program "$programs/dijkwacht"
