# Read by the scripts beside it: they work from anywhere, speak little, and show everything when something fails.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then
    bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
else
    bold='' green='' red='' plain=''
fi

# A warm cache survives `rm -rf build/release`, and one can be shared by setting CCACHE_DIR.
export CCACHE_DIR="${CCACHE_DIR:-$PWD/build/ccache}"

say() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
fail() {
    printf '%serror:%s %s\n' "$red" "$plain" "$*" >&2
    exit "${status:-1}"
}

# quietly WHAT COMMAND...: one line while it works and how long it took; the whole output only if it fails.
quietly() {
    local what=$1 log started=$SECONDS
    shift
    mkdir -p build/logs
    log="build/logs/${what//[^a-zA-Z0-9]/-}.log"
    printf '    %s ... ' "$what"
    if "$@" >"$log" 2>&1 </dev/null; then
        printf '%sdone%s (%d s)\n' "$green" "$plain" $((SECONDS - started))
    else
        local code=$?
        printf '%sfailed%s (exit %d): %s\n' "$red" "$plain" "$code" "$*"
        cat "$log"
        return "$code"
    fi
}
