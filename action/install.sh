#!/usr/bin/env bash
# Installs envcheck into an environment of its own: what is checked stays as it is. Nothing is done where the cache had it.
set -euo pipefail

if [ -x "$ENVCHECK_HOME/bin/envcheck" ] && "$ENVCHECK_HOME/bin/envcheck" --version; then
    exit 0
fi
python3 -m venv --clear "$ENVCHECK_HOME"
# The version of this action is installed from its own checkout: the tag that the workflow names is what runs.
wanted=$GITHUB_ACTION_PATH
if [ -n "${ENVCHECK_VERSION:-}" ]; then
    wanted="envcheck-nb==$ENVCHECK_VERSION"
fi
"$ENVCHECK_HOME/bin/python" -m pip install --quiet --disable-pip-version-check -- "$wanted"
"$ENVCHECK_HOME/bin/envcheck" --version
