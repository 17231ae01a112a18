#!/usr/bin/env bash
# Installs the pinned linters of the Dockerfile, the composition and the workflows.
set -euo pipefail

bash "$(dirname "$0")/install-python.sh" linters
