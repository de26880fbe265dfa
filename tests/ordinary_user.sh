#!/usr/bin/env bash
# Runs a test program as an ordinary user: root passes every permission check, and would prove nothing.
# ordinary_user.sh PROGRAM [ARGUMENTS...]. Fails if the rights cannot be given up.
set -euo pipefail

[[ $EUID -ne 0 ]] && exec "$@"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cp "$1" "$folder/program"  # Where it was built may be nobody's business.
cd /

as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs)
[[ $("${as_nobody[@]}" id -u) == 65534 ]]
"${as_nobody[@]}" test ! -r /etc/shadow
"${as_nobody[@]}" "$folder/program" "${@:2}"
