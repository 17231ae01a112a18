#!/usr/bin/env bash
# Installs Debian's systemd, unless it is there already, and starts nothing.
set -euo pipefail
cd "$(dirname "$0")"

[ -x /lib/systemd/systemd ] && command -v systemd-analyze >/dev/null && exit 0
bash install-unstarted.sh systemd
