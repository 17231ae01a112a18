#!/usr/bin/env bash
# Installs Prometheus and its promtool from Debian, unless they are there already, and starts nothing.
set -euo pipefail
cd "$(dirname "$0")"

command -v prometheus >/dev/null && command -v promtool >/dev/null && exit 0
bash install-unstarted.sh prometheus
