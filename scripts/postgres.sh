# A throw-away PostgreSQL: its own folder, a free port of the loopback, gone when whoever started it ends. Sourced after
# common.sh, not run.

postgres_folder= postgres_port=

# Debian keeps the server's programs off the PATH.
find_postgres() {
  local bin
  for bin in /usr/lib/postgresql/*/bin; do
    [ ! -x "$bin/initdb" ] || PATH=$bin:$PATH
  done
  has initdb && has pg_ctl
}

# The server refuses to run as root; Debian's package makes a user for it.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

postgres_options() {
  printf '%s' "-p $postgres_port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=400"
}

# Starts one and exports its address as DIJKWACHT_TEST_POSTGRES. Returns 1, with the reason, where it cannot be had.
start_postgres() {
  find_postgres || system_package pg_ctlcluster "the tests over PostgreSQL" postgresql || return 1
  find_postgres || { say "PostgreSQL's initdb is not in /usr/lib/postgresql (Debian: postgresql)" && return 1; }
  postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/dijkwacht-postgres.XXXXXX") || return 1
  [ "$(id -u)" -ne 0 ] || chown postgres "$postgres_folder" || return 1
  local data=$postgres_folder/data log=$postgres_folder/log
  # A new cluster need not survive a loss of power while it is made; what is written in it later does.
  as_postgres "$(command -v initdb)" --pgdata="$data" --username=postgres --auth=trust --encoding=UTF8 --no-locale \
    --no-sync --no-instructions >"$postgres_folder/initdb" 2>&1 || { cat "$postgres_folder/initdb" >&2 && return 1; }
  # A port that somebody has is no reason to stop: another is tried.
  for _ in 1 2 3 4 5 6 7 8; do
    postgres_port=$((20000 + RANDOM % 30000))
    if as_postgres "$(command -v pg_ctl)" start --pgdata="$data" --log="$log" --wait --timeout=60 --silent \
      --options="$(postgres_options)" >/dev/null 2>&1; then
      export DIJKWACHT_TEST_POSTGRES=postgres://postgres@127.0.0.1:$postgres_port/postgres
      say "PostgreSQL $(cat "$data/PG_VERSION") on port $postgres_port"
      return 0
    fi
  done
  tail -n 20 "$log" >&2
  return 1
}

# Stops it as a loss of power would, and starts it again at the same place: for the tests of that.
halt_postgres() {
  as_postgres "$(command -v pg_ctl)" stop --pgdata="$postgres_folder/data" --mode=immediate --wait --silent
}

resume_postgres() {
  as_postgres "$(command -v pg_ctl)" start --pgdata="$postgres_folder/data" --log="$postgres_folder/log" --wait \
    --timeout=60 --silent --options="$(postgres_options)" >/dev/null 2>&1
}

# Stops it and takes its folder away; nothing to do where none was started.
stop_postgres() {
  [ -n "$postgres_folder" ] || return 0
  [ ! -e "$postgres_folder/data/postmaster.pid" ] ||
    as_postgres "$(command -v pg_ctl)" stop --pgdata="$postgres_folder/data" --mode=immediate --silent || true
  rm -rf "$postgres_folder"
  postgres_folder=
}

# Kills the server with all of its processes at once (SIGKILL), as the kernel does when memory runs out, and waits until they
# are gone.
crash_postgres() {
  local leader all
  leader=$(head -n 1 "$postgres_folder/data/postmaster.pid")
  all="$leader $(ps -o pid= --ppid "$leader" | tr '\n' ' ')"
  # One that ended by itself just now is no failure.
  kill -9 $all 2>/dev/null || true
  while ps -o stat= -p "$(echo $all | tr ' ' ',')" 2>/dev/null | grep -qv '^Z'; do sleep 0.05; done
  # Where nobody reaps the dead their numbers live on, and the next server would think that this one runs.
  rm -f "$postgres_folder/data/postmaster.pid"
}
