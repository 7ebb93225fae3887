#!/usr/bin/env bash
# Where envcheck is installed, and under which key it is cached: by its version, the Python and the system that it runs on.
set -euo pipefail

python=$(python3 -c 'import sys, sysconfig; print(sysconfig.get_platform(), ".".join(map(str, sys.version_info[:3])), sep="-")')
version=${ENVCHECK_VERSION:-$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/src/envcheck/__init__.py")}
{
    echo "home=$RUNNER_TEMP/envcheck"
    echo "key=envcheck-$version-$python"
} >>"$GITHUB_OUTPUT"
