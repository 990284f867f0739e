#!/usr/bin/env bash
# Kills the real server (and PostgreSQL) at random moments during 10,000 acknowledged writes on each store, and makes
# everything around it go wrong once; prints the machine and two tables. They stand in docs/torture.md. As root it also mounts
# a small disk to fill and takes the rights of another user; what this machine lacks is skipped with the reason.
# ARGS="--writes 1000 --kills 10" makes it shorter.
. "$(dirname "$0")/common.sh"
. scripts/postgres.sh
require cargo rustc cc

find_postgres || system_package pg_ctlcluster "torture over PostgreSQL" postgresql || true
[ -e /usr/lib/*/faketime/libfaketime.so.1 ] || system_package faketime "a clock that is set back" faketime || true
cargo build --locked --package dijkwacht --package torture
printf 'machine: %s, %s core(s), load %s; %s; %s\n\n' \
  "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1 | grep . || uname -m)" \
  "$(getconf _NPROCESSORS_ONLN)" "$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown)" \
  "$(rustc --version)" "$(date -u +%Y-%m-%d)"
target=$(target_folder)/debug
exec "$target/torture" --dijkwacht "$target/dijkwacht" "$@"
