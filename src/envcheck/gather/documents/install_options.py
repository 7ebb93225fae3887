"""The options of install commands."""

from __future__ import annotations

from envcheck.gather.documents.reqoptions import option_table

# pip 26.3: `pip install --help`.
PIP_INSTALL_OPTIONS = option_table(
    values="--requirement|-r --constraint|-c --build-constraint --requirements-from-script --editable|-e"
    " --target|-t --platform --python-version --implementation --abi --root --prefix"
    " --src|--source|--source-dir|--source-directory --upgrade-strategy --config-settings|-C"
    " --progress-bar --root-user-action --report --group --all-releases --only-final --no-binary"
    " --only-binary --index-url|-i|--pypi-url --extra-index-url --refresh-package --find-links|-f"
    " --uploaded-prior-to --python --log|--log-file|--local-log --keyring-provider --proxy --retries"
    " --timeout|--default-timeout --exists-action --trusted-host --cert --client-cert --cache-dir"
    " --use-feature --use-deprecated --resume-retries --global-option --install-option --build-option"
    " --build|-b",
    switches="--no-deps|--no-dependencies --only-deps|--only-dependencies --dry-run --user --no-user --upgrade|-U"
    " --force-reinstall --ignore-installed|-I --ignore-requires-python --no-build-isolation --use-pep517"
    " --no-use-pep517 --check-build-dependencies --break-system-packages --compile --no-compile"
    " --no-warn-script-location --no-warn-conflicts --require-hashes --no-require-hashes --no-clean --pre"
    " --prefer-binary --no-index --help|-h --debug --isolated --require-virtualenv|--require-venv"
    " --verbose|-v --quiet|-q --no-input --no-proxy-env --no-cache-dir --disable-pip-version-check"
    " --no-color --no-python-version-warning --egg --process-dependency-links",
)

# uv 0.13: `uv pip install --help`.
UV_INSTALL_OPTIONS = option_table(
    values="--requirement|-r|--requirements --editable|-e --constraint|-c|--constraints --override|--overrides"
    " --excludes --build-constraint|-b|--build-constraints --extra --cert --group --target|-t --prefix"
    " --no-binary --only-binary --no-editable-package --python-version --python-platform --output-format"
    " --torch-backend --index --default-index --index-url|-i --extra-index-url --find-links|-f"
    " --index-strategy --keyring-provider --upgrade-package|-P --upgrade-group --resolution --prerelease"
    " --prerelease-package --fork-strategy --exclude-newer --exclude-newer-package --no-sources-package"
    " --reinstall-package --link-mode --config-setting|-C|--config-settings --config-settings-package"
    " --no-build-isolation-package --cache-dir --refresh-package --python|-p --color"
    " --allow-insecure-host|--trusted-host --directory --project --config-file",
    switches="--no-editable --all-extras --no-deps --require-hashes --no-verify-hashes --require-build-hashes"
    " --system --break-system-packages --no-break-system-packages --no-build --exact --strict --dry-run"
    " --check --user --no-index --upgrade|-U --no-sources --reinstall|--force-reinstall --compile-bytecode"
    " --no-build-isolation --no-cache|-n --refresh --managed-python --no-managed-python"
    " --no-python-downloads --quiet|-q --verbose|-v --system-certs --native-tls --offline --no-progress"
    " --no-config --help|-h --pre",
)

# conda 26: `conda install --help`, with what mamba and micromamba add.
CONDA_INSTALL_OPTIONS = option_table(
    values="--file|-f --channel|-c --name|-n --prefix|-p --revision --repodata-fn --experimental --solver"
    " --subdir|--platform --console --download-only-timeout --root-prefix|-r --rc-file --category"
    " --channel-priority --relocate-prefix --cacert-path --retry-clean-cache",
    switches="--yes|-y --quiet|-q --verbose|-v --json --help|-h --dry-run|-d --force-reinstall --no-deps"
    " --only-deps --no-pin --copy --no-shortcuts --offline --use-local --override-channels"
    " --strict-channel-priority --no-channel-priority --use-index-cache|-C --insecure|-k --download-only"
    " --show-channel-urls --update-all|--all --update-deps --freeze-installed|--no-update-deps"
    " --update-specs --satisfied-skip-solve|-S --skip-existing --no-update-dependencies --dev --clobber"
    " --mkdir --prune --debug --trace --no-rc --no-env --no-py-pin --py-pin",
)

INSTALL_OPTIONS = {"pip": PIP_INSTALL_OPTIONS, "uv": UV_INSTALL_OPTIONS, "conda": CONDA_INSTALL_OPTIONS}
"""The options by tool."""
