#!/usr/bin/env bash
# Makes the environment that `make setup` promises, or says in one sentence why it can't.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
venv=${VENV:-.venv}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() {
  echo "setup: $1" >&2
  exit 1
}

is_new_enough() {
  "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
  local candidate
  for candidate in "$python" python3.13 python3.12 python3.11; do
    if is_new_enough "$candidate"; then
      echo "$candidate"
      return
    fi
  done
}

make_venv() {
  is_new_enough "$1/bin/python" && "$1/bin/python" -m pip --version >/dev/null 2>&1 && return
  rm -rf "$1"
  "$found" -m venv "$1" >"$log" 2>&1 && return
  if grep -q ensurepip "$log" && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    rm -rf "$1"
    apt-get update -qq >/dev/null && apt-get install -y -qq python3-venv >/dev/null && "$found" -m venv "$1" >"$log" 2>&1 && return
  fi
  rm -rf "$1"
  fail "$found can't make a virtual environment (on Debian and Ubuntu: 'apt-get install python3-venv'): $(tail -1 "$log")"
}

install() {
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}" >"$log" 2>&1 && return
  cat "$log" >&2
  if grep -qE 'NewConnectionError|NameResolution|Temporary failure|ConnectTimeout|Network is unreachable' "$log"; then
    fail "the Python package index can't be reached: check the network or the proxy, then run it again."
  fi
  fail "the packages above could not be installed; if it is a version conflict, 'make constraints' makes a new tree."
}

# pip older than 25.1 doesn't know dependency groups; --no-build-isolation keeps the build backend pinned as well.
install_project() {
  install "$1" --upgrade --only-binary :all: pip hatchling editables "${@:2}"
  install "$1" --only-binary :all: --no-build-isolation --editable . --group dev "${@:2}"
}

newest() {
  local scratch
  scratch=$(mktemp -d)
  make_venv "$scratch/venv"
  install_project "$scratch/venv"
  {
    echo "# The exact tree baypulse is tested with; 'make constraints' writes it anew."
    "$scratch/venv/bin/python" -m pip freeze --all --exclude-editable | grep -vi '^setuptools='
  } >"$scratch/freeze"
  mv "$scratch/freeze" "$1"
  rm -rf "$scratch"
}

found=$(find_python)
[ -n "$found" ] || fail "$python is $("$python" --version 2>&1 || true), and baypulse needs Python 3.11 or newer: install it, or name one with 'make setup PYTHON=/path/to/python3.12'."

if [ "${1:-}" = --newest ]; then
  newest "$2"
else
  make_venv "$venv"
  echo "installing baypulse into $venv ($("$venv/bin/python" --version))"
  install_project "$venv" --constraint constraints.txt
fi
