#!/usr/bin/env bash
# Installs the reverse proxies of the documentation from Debian, unless they are there already, and starts none of them.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
for package in nginx caddy apache2 haproxy; do
  command -v "/usr/sbin/$package" "/usr/bin/$package" >/dev/null || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
bash install-unstarted.sh "${missing[@]}"
