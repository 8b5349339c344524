# Sourced by the scripts beside it: `start LEVEL MODULE ARGUMENT...` sets up and becomes MODULE.
# LEVEL is `local` (what running the site takes) or `dev` (what testing it takes as well).
# Needs nothing but a shell and Python 3.11.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

is_new_enough() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    # The environment's own Python once it stands whole, so that PATH no longer matters.
    if [ -e "$root/.venv/whole" ] && is_new_enough "$root/.venv/bin/python"; then
        echo "$root/.venv/bin/python"
        return
    fi
    for name in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14 python; do
        if is_new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    echo "Python 3.11 or newer is needed, and none was found in PATH." >&2
    exit 1
}

start() {
    python=$(find_python) || exit 1
    exec "$python" "$root/script/install.py" "$@"
}
