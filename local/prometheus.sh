#!/usr/bin/env bash
# Makes sure that `prometheus` and `promtool` are on the PATH, and that no service of theirs runs because of us.
set -euo pipefail

command -v prometheus >/dev/null && command -v promtool >/dev/null && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "the integration tests need Prometheus: install it ('sudo apt-get install prometheus') and run this again." >&2
  exit 1
fi

policy=/usr/sbin/policy-rc.d
log=$(mktemp)
made_policy=
finish() {
  rm -f "$log"
  [ -z "$made_policy" ] || rm -f "$policy"
}
trap finish EXIT

# Debian starts a package's service as it installs it; 101 is the policy's word for "not now".
if [ ! -e "$policy" ]; then
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi

echo "installing Debian's prometheus"
if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus; } >"$log" 2>&1; then
  tail -5 "$log" >&2
  echo "Debian's prometheus could not be installed: check the network and the package sources." >&2
  exit 1
fi

# The tests start their own; nothing of ours should listen after the next boot either.
if command -v systemctl >/dev/null; then
  systemctl disable --quiet prometheus 2>/dev/null || echo "could not disable Debian's prometheus service" >&2
fi
