#!/usr/bin/env bash
# install-python.sh NAME: installs what NAME-requirements.txt pins into a virtual environment of its own, .services/NAME,
# unless it is there already.
set -euo pipefail
cd "$(dirname "$0")/../.."

wanted=scripts/services/$1-requirements.txt
target=.services/$1

# The list of what was installed is copied in last: an installation that was cut short is done again.
cmp -s "$wanted" "$target/installed.txt" && exit 0

rm -rf "$target"
python3 -m venv "$target"
"$target/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --requirement "$wanted"
cp "$wanted" "$target/installed.txt"
