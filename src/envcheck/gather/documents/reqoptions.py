"""The options of requirements files and of install commands, and how optparse reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from envcheck.gather.documents.shell_words import Word


class Spelling(NamedTuple):
    """What an option is called for short messages and comparisons, and whether a value follows it."""

    name: str
    takes_value: bool


class Option(NamedTuple):
    """One use of an option under its main name; a switch has the empty value."""

    name: str
    value: Word


class Arguments(NamedTuple):
    """Words told apart; ``faults`` are optparse's objections, in order."""

    options: tuple[Option, ...]
    operands: tuple[Word, ...]
    faults: tuple[str, ...]


OptionTable = Mapping[str, Spelling]


def _table(*, values: str, switches: str) -> OptionTable:
    """Return a table of option groups; spellings of one option are joined by ``|``, the main name first."""
    table = {}
    for groups, takes_value in ((values, True), (switches, False)):
        for group in groups.split():
            spellings = group.split("|")
            table.update(dict.fromkeys(spellings, Spelling(spellings[0], takes_value)))
    return table


# pip 26.3: pip._internal.req.req_file.SUPPORTED_OPTIONS and SUPPORTED_OPTIONS_REQ.
FILE_OPTIONS = _table(
    values="--index-url|-i|--pypi-url --extra-index-url --constraint|-c --requirement|-r --editable|-e"
    " --find-links|-f --no-binary --only-binary --all-releases --only-final --trusted-host --use-feature"
    " --hash --config-settings|-C",
    switches="--no-index --prefer-binary --require-hashes --no-require-hashes --pre",
)

# pip 26.3: `pip install --help`.
PIP_INSTALL_OPTIONS = _table(
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
UV_INSTALL_OPTIONS = _table(
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
CONDA_INSTALL_OPTIONS = _table(
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


def read_options(words: Sequence[Word], table: OptionTable) -> Arguments:
    """Return words told apart, with clusters, ``=``, unique abbreviations and ``--`` as in optparse."""
    options: list[Option] = []
    operands: list[Word] = []
    faults: list[str] = []
    rest = iter(words)
    for word in rest:
        text = word.value
        if text == "--":
            operands.extend(rest)
        elif text.startswith("--"):
            _read_long(word, rest, table, options, faults)
        elif text.startswith("-") and text != "-":
            _read_cluster(word, rest, table, options, faults)
        else:
            operands.append(word)
    return Arguments(tuple(options), tuple(operands), tuple(faults))


def _read_long(word: Word, rest: Iterator[Word], table: OptionTable, options: list[Option], faults: list[str]) -> None:
    spelled, equals, _ = word.value.partition("=")
    spelling = table.get(spelled) or _abbreviated(spelled, table, faults)
    if spelling is None:
        return
    if not spelling.takes_value:
        if equals:
            faults.append(f"{spelled} takes no value")
        options.append(Option(spelling.name, _tail(word, len(word.value))))
        return
    value = _tail(word, len(spelled) + 1) if equals else next(rest, None)
    _add(spelling.name, spelled, value, options, faults)


def _abbreviated(spelled: str, table: OptionTable, faults: list[str]) -> Spelling | None:
    found = {table[known] for known in table if known.startswith(spelled)}
    if len(found) == 1:
        return found.pop()
    faults.append(f"ambiguous option: {spelled}" if found else f"no such option: {spelled}")
    return None


def _read_cluster(
    word: Word, rest: Iterator[Word], table: OptionTable, options: list[Option], faults: list[str]
) -> None:
    for index, letter in enumerate(word.value[1:], 2):
        spelling = table.get("-" + letter)
        if spelling is None:
            faults.append(f"no such option: -{letter}")
        elif spelling.takes_value:
            value = _tail(word, index) if index < len(word.value) else next(rest, None)
            _add(spelling.name, "-" + letter, value, options, faults)
            return
        else:
            options.append(Option(spelling.name, _tail(word, len(word.value))))


def _add(name: str, spelled: str, value: Word | None, options: list[Option], faults: list[str]) -> None:
    if value is None:
        faults.append(f"{spelled} wants a value")
    else:
        options.append(Option(name, value))


def _tail(word: Word, index: int) -> Word:
    """Return the part of a word from an index on; its span is exact unless quotes or escapes stand inside the word."""
    exact = word.stop - word.start == len(word.value)
    return Word(word.value[index:], word.start + index if exact else word.start, word.stop)
