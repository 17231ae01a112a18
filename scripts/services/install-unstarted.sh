#!/usr/bin/env bash
# Installs the packages that it is given from Debian, and has none of them start a service.
set -euo pipefail

# Debian starts a service as it installs it, unless this program forbids it (invoke-rc.d(8), exit code 101).
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --no-install-recommends "$@" >/dev/null
