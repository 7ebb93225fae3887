#!/usr/bin/env bash
# Runs envcheck: annotations and the summary on GitHub, a SARIF report in a file, and whatever else was asked for.
set -euo pipefail

sarif="$RUNNER_TEMP/envcheck.sarif"
rm -f "$sarif"
arguments=(check --format github --format "sarif:$sarif")
while IFS= read -r format; do
    [ -z "$format" ] || arguments+=(--format "$format")
done <<<"${ENVCHECK_FORMAT:-}"
if [ -d "${ENVCHECK_PYTHON:-}" ]; then
    arguments+=(--prefix "$ENVCHECK_PYTHON")
elif [ -n "${ENVCHECK_PYTHON:-}" ]; then
    arguments+=(--python "$ENVCHECK_PYTHON")
fi
[ -z "${ENVCHECK_FAIL_ON:-}" ] || arguments+=(--fail-on "$ENVCHECK_FAIL_ON")
[ -z "${ENVCHECK_BASELINE:-}" ] || arguments+=(--baseline "$ENVCHECK_BASELINE")
[ "${ENVCHECK_LOCKED:-false}" != true ] || arguments+=(--locked)
arguments+=(--)
while IFS= read -r path; do
    [ -z "$path" ] || arguments+=("$path")
done <<<"${ENVCHECK_PATH:-.}"

status=0
"$ENVCHECK_HOME/bin/envcheck" "${arguments[@]}" || status=$?
[ ! -f "$sarif" ] || echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
exit "$status"
