# The mail server that the tests start for themselves. Sourced after common.sh, not run.

# Debian's Exim, which each test runs with a configuration, a folder and a port of its own, as an ordinary user. Returns 1,
# with the reason, where it cannot be had; a mail server that this machine has already is left alone.
mail_server() {
  PATH=$PATH:/usr/sbin
  has exim4 && return 0
  if has sendmail; then
    say "another mail server lives on this machine, and exim4-daemon-light would take its place"
    return 1
  fi
  system_package exim4 "the tests of mail" exim4-daemon-light
}
