#!/bin/sh
# Make the virtual environment $VENV (default: .venv) with all that requirements-dev.txt lists.
# If it is there already, do nothing. With --port N, see first that port N is free.
set -eu
cd "$(dirname "$0")/.."

VENV=${VENV:-.venv}
stamp=$VENV/.requirements-sha256 # written last: a set-up that was interrupted has none
nl='
'
python=
tried=
tools=
trap '[ -z "$tools" ] || rm -rf "$tools"' EXIT

probe='
import sys
if sys.version_info < (3, 12):
    sys.exit("it is Python " + sys.version.split()[0])
if sys.implementation.name != "cpython" or "free-threading" in sys.version or sys.version_info[3] != "final":
    sys.exit("it is not a finished, ordinary build of CPython")
try:
    import ensurepip, sqlite3, ssl, venv
except ImportError as error:
    sys.exit("it was built or packaged without a module: %s" % error)
if sqlite3.sqlite_version_info < (3, 37):
    sys.exit("its SQLite is %s, and Django needs 3.37" % sqlite3.sqlite_version)
print(getattr(sys, "_base_executable", sys.executable))
'

# try PROGRAM: set $python if PROGRAM really runs and will do; otherwise remember why not.
try() {
    command -v "$1" >/dev/null 2>&1 || return 1
    if said=$("$1" -E -s -c "$probe" 2>&1); then
        python=${said##*"$nl"}
        return 0
    fi
    said=${said%%"$nl"*}
    tried="$tried  $1: ${said:-it does not start}$nl"
    return 1
}

# try_below DIRECTORY: try the Pythons kept in it side by side, newest first.
try_below() {
    [ -d "$1" ] || return 1
    # shellcheck disable=SC2012 # names of versions; sort -V is not everywhere
    for version in $(ls "$1" | sort -t. -k1,1r -k2,2nr -k3,3nr); do
        try "$1/$version/bin/python3" && return 0
    done
    return 1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        try "$PYTHON" && return 0
        echo "PYTHON is $PYTHON, which will not do (${said:-there is no such program}); looking for another."
    fi
    for name in python3.14 python3.13 python3.12 python3; do
        try "$name" && return 0
    done
    try_below "${PYENV_ROOT:-${HOME:-}/.pyenv}/versions" ||
        try_below "${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-${HOME:-}/.local/share}/uv/python}"
}

# Let uv fetch a Python: the uv on PATH, or the one that requirements-dev.txt pins, in a throw-away place.
fetch_python() {
    echo "No Python 3.12 or newer is here yet; asking uv to fetch one."
    uv=uv
    if ! uv --version >/dev/null 2>&1; then
        tools=$(mktemp -d) &&
            sed -n '/^uv==/,/^ *#/p' requirements-dev.txt >"$tools/uv.txt" &&
            python3 -m venv "$tools/venv" >/dev/null 2>&1 &&
            "$tools/venv/bin/python" -m pip install --quiet --retries 1 --disable-pip-version-check \
                --require-hashes -r "$tools/uv.txt" 2>/dev/null || return 1
        uv=$tools/venv/bin/uv
    fi
    "$uv" python install 3.13 && try_below "$("$uv" python dir)"
}

no_python() {
    cat >&2 <<END
This project needs Python 3.12 or newer with its modules venv, ssl and sqlite3; none was found here,
and fetching one did not work (is there a network?). These were tried:
${tried:-  nothing: there is no python3 on PATH$nl}What to do:
  Debian 13, Ubuntu 24.04 or newer:  sudo apt-get install python3 python3-venv
  Debian 12, Ubuntu 22.04 or older:  pyenv install 3.13    or    uv python install 3.13
  macOS:                             brew install python@3.13
Then give the same command again. If your Python is in an unusual place: make setup PYTHON=/path/to/python3
END
    exit 1
}

check_port() {
    "$1" -E -s - "$2" <<'END'
import socket
import sys

port = sys.argv[1]
if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
    sys.exit(f"PORT is {port!r}: write a number between 1 and 65535, for example make run PORT=8001")
other = int(port) + 1 if 1024 <= int(port) < 65535 else 8001
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except PermissionError:
        sys.exit(f"Port {port} is for the system's own programs. Choose another: make run PORT={other}")
    except OSError:
        sys.exit(f"Port {port} is taken by another program. Choose another: make run PORT={other}")
END
}

# The checksum; empty if the environment's Python is missing, broken or too old.
wanted=$("$VENV/bin/python" -E -s -c '
import hashlib, sys
if sys.version_info >= (3, 12):
    print(hashlib.sha256(open("requirements-dev.txt", "rb").read()).hexdigest())
' 2>/dev/null) || wanted=
update=
[ -z "$wanted" ] || [ ! -f "$stamp" ] || update=yes

if [ -n "$update" ]; then
    python=$VENV/bin/python
else
    find_python || fetch_python || no_python
fi
[ "${1:-}" != --port ] || check_port "$python" "$2"
[ -z "$update" ] || [ "$(cat "$stamp")" != "$wanted" ] || exit 0

command -v git >/dev/null 2>&1 ||
    echo "Note: git is not installed. The site runs without it; some of the tests need it."
if [ -n "$update" ]; then
    echo "requirements-dev.txt has changed; bringing $VENV up to date."
    rm -f "$stamp"
else
    if [ -e "$VENV" ] && [ "$VENV" != .venv ] && [ ! -f "$VENV/pyvenv.cfg" ]; then
        echo "$VENV is there, but is no virtual environment; name another place, or move it away." >&2
        exit 1
    fi
    echo "Making $VENV with $python; this takes a minute the first time."
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
fi

if ! said=$("$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes -r requirements-dev.txt 2>&1); then
    printf '%s\n' "$said" >&2
    echo "The packages could not be installed; pip says why above. If that is about connections," \
        "see that this machine has a network, then give the same command again." >&2
    exit 1
fi
"$VENV/bin/python" -c 'import hashlib; print(hashlib.sha256(open("requirements-dev.txt", "rb").read()).hexdigest())' \
    >"$stamp"
