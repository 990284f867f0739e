# What the sensor costs on a mix of traffic, pair by pair beside Suricata, and in floods. Sourced by bench.sh, not run.
#
#   PAIRS=5           how many pairs
#   COPIES=16         how often the captures are repeated in the mix
#   CORPUS=DIR        captures and a threat list (DIR/pcap/*.pcap*, DIR/intel/trails.csv.gz); by default those beside this
#                     repository where they are, and otherwise a made-up office and a made-up list of the same size
#
# CPU time (user and system), not what the clock on the wall says: others may use this machine at the same time.

. scripts/peers.sh

pairs=${PAIRS:-5}
copies=${COPIES:-16}
corpus=${CORPUS:-../shared/corpus}
folder=$(mktemp -d "${TMPDIR:-/tmp}/dijkwacht-sensor.XXXXXX")

# Runs a command, on one core where that can be said; prints the CPU seconds it took and the most memory it held in MiB.
# What it says goes to $folder/said.
spent() {
  /usr/bin/time -f '%U %S %M' -o "$folder/spent" "$@" >"$folder/said" 2>&1 || stop "failed: $*: $(tail -n 3 "$folder/said")"
  tail -n 1 "$folder/spent" | awk '{ printf "%.2f %.0f\n", $1 + $2, $3 / 1024 }'
}

# The middle one of numbers, one a line.
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# Packets a CPU second, in thousands.
rate() { awk -v packets="$1" -v seconds="$2" 'BEGIN { printf "%.0f", packets / seconds / 1000 }'; }

[ -x /usr/bin/time ] || system_package /usr/bin/time "how much is spent" time || stop "without it nothing is measured"
cargo build --quiet --locked --profile "$profile" --package pace
pace=$(target_folder)/$profile/pace

if [ -d "$corpus/pcap" ]; then
  "$pace" mix --captures "$corpus/pcap" --copies "$copies" "$folder/mix.pcap" 2>"$folder/packets"
  what="the corpus's captures, $copies times"
else
  "$pace" mix --copies "$copies" "$folder/mix.pcap" 2>"$folder/packets"
  what="made-up offices, $copies times"
fi
packets=$(cut -d ' ' -f 1 "$folder/packets")
if [ -f "$corpus/intel/trails.csv.gz" ]; then
  gzip -dc "$corpus/intel/trails.csv.gz" | cut -d , -f 1 | tr -d '"' >"$folder/list.txt"
else
  "$pace" list "$folder/list.txt"
fi
"$pace" compact "$folder/list.txt" "$folder/list"
printf 'mix: %s: %s packets, %s MB; list: %s entries\n\n' "$what" "$packets" "$(($(wc -c <"$folder/mix.pcap") / 1000000))" "$(wc -l <"$folder/list.txt")"

# Suricata as it comes, one thread, without rules; of its outputs flows, DNS, TLS and HTTP.
peer=()
if suricata_installed; then
  mkdir "$folder/eve"
  cat >"$folder/outputs.yaml" <<'YAML'
%YAML 1.1
---
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      types: [flow, dns, tls, http]
stats:
  enabled: no
YAML
  peer=(suricata -c /etc/suricata/suricata.yaml --include "$folder/outputs.yaml" --runmode single -k none -S /dev/null
    -r "$folder/mix.pcap" -l "$folder/eve")
fi

# Ours with all detectors and the list; ours without a list, for what is not the list's; the peer.
for _ in $(seq "$pairs"); do
  ours=$(spent "${pinned[@]}" "$pace" scan --intel "$folder/list" "$folder/mix.pcap")
  bare=$(spent "${pinned[@]}" "$pace" scan "$folder/mix.pcap")
  theirs="0 0"
  if [ ${#peer[@]} -gt 0 ]; then
    theirs=$(spent "${pinned[@]}" "${peer[@]}")
    rm -f "$folder"/eve/*
  fi
  printf '%s %s %s\n' "$ours" "$bare" "$theirs"
done >"$folder/pairs"

column() { awk -v one="$1" '{ print $one }' "$folder/pairs" | median; }
row() { printf '| %s | %s | %s | %s MiB | %s |\n' "$1" "$2" "$(rate "$packets" "$2")" "$3" "$4"; }
ratio() { awk -v one="$1" '$5 > 0 { print $one / $5 }' "$folder/pairs" | median | awk '{ printf "%.2f (median of pairs)", $1 }'; }

printf '| on one core, %s pairs | CPU s (median) | kpkt a CPU s | most memory | of Suricata'"'"'s CPU |\n| --- | --- | --- | --- | --- |\n' "$pairs"
row "ours, all detectors, with the list" "$(column 1)" "$(column 2)" "$(ratio 1)"
row "ours, all detectors, no list" "$(column 3)" "$(column 4)" "$(ratio 3)"
if [ ${#peer[@]} -gt 0 ]; then row "$(suricata -V | sed 's/^This is //'), no rules" "$(column 5)" "$(column 6)" 1; fi

# Programs that tell flows and nothing else, for comparison; each once.
aside() {
  local command=$1 packages=$2
  shift 2
  system_package "$command" "a comparison" $packages || return 0
  row "$command" $(spent "${pinned[@]}" "$@") "–"
}
aside argus "argus-server" argus -r "$folder/mix.pcap" -w /dev/null
aside softflowd softflowd softflowd -r "$folder/mix.pcap" -n 127.0.0.1:9
aside nfpcapd nfdump nfpcapd -r "$folder/mix.pcap" -w "$folder"

# Several trackers at once. What one core alone takes, and the whole by as many as there are.
wall() { LC_ALL=C awk -v a="${1/,/.}" -v b="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.3f", b - a }'; }
cores=$(getconf _NPROCESSORS_ONLN)
printf '\n| all cores (%s), reading included, %s pairs | wall s (median) | CPU s | most memory | times one core |\n| --- | --- | --- | --- | --- |\n' "$cores" "$pairs"
for _ in $(seq "$pairs"); do
  began=$EPOCHREALTIME
  one=$(spent "${pinned[@]}" "$pace" scan --intel "$folder/list" "$folder/mix.pcap")
  one_wall=$(wall "$began") began=$EPOCHREALTIME
  cp "$folder/said" "$folder/said.one"
  all=$(spent "$pace" scan --threads "$cores" --intel "$folder/list" "$folder/mix.pcap")
  all_wall=$(wall "$began")
  diff <(grep -v ^peak "$folder/said.one") <(grep -v ^peak "$folder/said") >/dev/null || stop "the answer depends on the number of threads"
  printf '%s %s %s %s %s\n' "$one_wall" "$one" "$all_wall" "$all" "$(awk -v one="$one_wall" -v all="$all_wall" 'BEGIN { print one / all }')"
done | sed 's/  */ /g' >"$folder/pairs"
printf '| one tracker | %s | %s | %s MiB | 1 |\n' "$(column 1)" "$(column 2)" "$(column 3)"
printf '| %s trackers | %s | %s | %s MiB | %s |\n' "$cores" "$(column 4)" "$(column 5)" "$(column 6)" "$(column 7)"

printf '\n| after an infected office day, a million new | cases of before still told | let go by the tracker | by detectors | CPU s | most memory |\n| --- | --- | --- | --- | --- | --- |\n'
for kind in flows names hosts; do
  cost=$(spent "$pace" flood "$kind")
  printf '| %s | %s | %s | %s MiB |\n' "$kind" "$(cat "$folder/said")" "${cost% *}" "${cost#* }"
done
rm -rf "$folder"
