#!/usr/bin/env bash
# Installs from Debian what the bench needs besides the services, unless it is there already.
set -euo pipefail
cd "$(dirname "$0")"

command -v wrk >/dev/null && exit 0
bash install-unstarted.sh wrk
