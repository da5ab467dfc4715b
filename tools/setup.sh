#!/bin/sh
# Makes .venv from a hashed lock file, the first argument. Needs Python 3.11 or newer; nothing else by hand, and no root.
set -eu
PYTHON=${PYTHON:-python3}
LOCK=${1:-requirements.lock}

say() { printf '%s\n' "$*" >&2; }

"$PYTHON" - <<'CHECK' || { say "datong needs Python 3.11 or newer (found: $("$PYTHON" --version 2>&1)). Set PYTHON=… to another one."; exit 1; }
import sys
sys.exit(sys.version_info < (3, 11))
CHECK

venv() { "$PYTHON" -m venv --clear .venv >/dev/null 2>&1; }

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    if venv; then
        :
    elif "$PYTHON" -m virtualenv --version >/dev/null 2>&1; then
        "$PYTHON" -m virtualenv --clear -q .venv
    elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Debian keeps 'venv' in a package of its own: installing python3-venv."
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        venv
    elif "$PYTHON" -m pip --version >/dev/null 2>&1; then
        # Without ensurepip: an environment without pip, filled by the pip outside it.
        "$PYTHON" -m venv --clear --without-pip .venv
        "$PYTHON" -m pip --python .venv/bin/python install -q pip
    else
        say "This Python has neither venv nor pip. As root: apt-get install python3-venv. Then run make again."
        exit 1
    fi
fi

say "Installing what datong needs (hash-checked) …"
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$LOCK"
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
say "Ready: .venv/bin/datong"
