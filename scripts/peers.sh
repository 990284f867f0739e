# The programs that the sensor is measured beside, from Debian. Sourced by bench.sh, not run.

# Suricata comes from backports: the same mirror as this machine's own packages come from, one suite further. Returns 1, with
# a line that says why, where it cannot be had; the sensor is then measured alone.
suricata_installed() {
  has suricata && return 0
  if ! has apt-get || [ "$(id -u)" -ne 0 ]; then
    say "Suricata is missing: only the administrator of a Debian can have it installed here; measured without it"
    return 1
  fi
  local site suite
  read -r site suite < <(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Identifier: Packages' | grep -m 1 -v -- -) || true
  if [ -z "${suite:-}" ]; then
    say "Suricata is missing, and this machine names no Debian to take it from; measured without it"
    return 1
  fi
  local list=/etc/apt/sources.list.d/dijkwacht-bench-backports.list
  local keys=/usr/share/keyrings/debian-archive-keyring.gpg
  printf 'deb %s%s %s-backports main\n' "$([ -e $keys ] && printf '[signed-by=%s] ' "$keys")" "$site" "$suite" >"$list"
  # Only the program is wanted here, never a service that begins to watch this machine's network.
  if has systemctl; then systemctl mask suricata.service >&2 2>/dev/null || true; fi
  say "installing suricata from $suite-backports, to measure beside"
  if apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -t "$suite-backports" suricata >&2; then
    has suricata && return 0
  fi
  rm -f "$list"
  say "Suricata could not be installed from $suite-backports; measured without it"
  return 1
}
