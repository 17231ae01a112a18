#!/usr/bin/env bash
# Installs Debian's Chromium, unless it is there already.
set -euo pipefail

command -v chromium >/dev/null && exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --no-install-recommends chromium >/dev/null
