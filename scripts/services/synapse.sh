#!/usr/bin/env bash
# Installs the pinned Synapse.
set -euo pipefail

bash "$(dirname "$0")/install-python.sh" synapse
