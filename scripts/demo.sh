#!/usr/bin/env bash
# Builds the program in the quick profile and starts the demonstration: a throw-away provider with its customers, the
# bundled capture, the incident that follows from it, and the pages. Arguments go to `dijkwacht demo`.
. "$(dirname "$0")/common.sh"
require cargo rustc cc

began=$EPOCHREALTIME
cargo build --locked -p dijkwacht
say "built in $(since "$began") s"
exec "$(target_folder)/debug/dijkwacht" demo "$@"
