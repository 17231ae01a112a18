#!/usr/bin/env bash
# Installs the reverse proxies of the documentation from Debian, unless they are there already, and starts none of them.
set -euo pipefail

missing=()
for package in nginx caddy apache2 haproxy; do
  command -v "/usr/sbin/$package" "/usr/bin/$package" >/dev/null || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

# Debian starts a service as it installs it, unless this program forbids it (invoke-rc.d(8), exit code 101).
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
