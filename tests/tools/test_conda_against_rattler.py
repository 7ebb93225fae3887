"""conda's versions, version specs and match specs mean to us what they mean to py-rattler, an implementation apart.

Where the two differ, the table says what CEP 29 or CEP 33 wants: that is what we do.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rattler import Version, VersionSpec

from envcheck.model import conda_versions
from envcheck.model.conda_order import parse_conda_version
from tests.support.rattler_reading import VERSIONS, by_rattler, by_us

pytestmark = pytest.mark.tools

LITERALS = (
    "1.2 1.2.* 1.2* 1 1.* 0.4.1+local 0.4.1 1.0.1_ 1!0 1!0.* 1.1.post1 2.0.0rc* 1.1dev* 3.1 3.1* 2024a 2.1".split()
)
SPECS = [
    *(operator + literal for operator in ("", "=", "!=") for literal in LITERALS),
    *(op + literal for op in ("==", "<", "<=", ">", ">=", "~=") for literal in LITERALS if "*" not in literal),
    *(">=1.2,<2|3.*", "(>=1|<0.5),<3", "1.2|1.3", "*", "==*", "=*", "!=1.2,!=1.1.*", ">=1,<1.2|>=2,<3.10|2024a"),
]


@pytest.mark.parametrize("left", VERSIONS)
def test_order(left: str) -> None:
    for right in VERSIONS:
        ours = order(parse_conda_version(left), parse_conda_version(right))
        assert ours == order(Version(left), Version(right)), f"{left} and {right}"


def order(left: object, right: object) -> tuple[bool, bool, bool]:
    return (left < right, left == right, left > right)  # type: ignore[operator]


# CEP 29 takes a local part out of ~= ("sans its last segment" of the version); rattler keeps it.
@pytest.mark.parametrize("spec", [spec for spec in SPECS if not ("~=" in spec and "+" in spec)])
def test_version_spec(spec: str) -> None:
    theirs = VersionSpec(spec)
    for version in VERSIONS:
        assert conda_versions.version_matches(spec, version) == theirs.matches(Version(version)), version


number = st.integers(0, 12).map(str)
word = st.sampled_from(["a", "b", "rc", "dev", "post", "alpha"])
segment = st.builds("".join, st.lists(st.one_of(number, word), min_size=1, max_size=3))
main = st.builds(lambda parts, mark: mark.join(parts), st.lists(segment, min_size=1, max_size=4), st.sampled_from("._"))
versions = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", "0!", "1!"]),
    main,
    st.one_of(st.just(""), st.builds("+{}".format, main)),
).filter(lambda text: len(text) <= 64)  # CEP 26 allows no more
ENDS_IN_ZERO = re.compile(r"(?:^|[._])0+$")
prefixes = main.filter(lambda text: not ENDS_IN_ZERO.search(text))  # see DIFFERENCES
clauses = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), versions),
    st.builds("{}{}.*".format, st.sampled_from(["", "!="]), prefixes),
    st.builds("~={}.{}".format, prefixes, segment),
)
specs = st.recursive(
    clauses,
    lambda inner: st.one_of(
        st.builds("({})".format, inner), st.builds("{}{}{}".format, inner, st.sampled_from(",|"), inner)
    ),
    max_leaves=4,
)
many = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(versions, versions)
def test_any_two_versions(left: str, right: str) -> None:
    ours, theirs = (parse_conda_version(left), parse_conda_version(right)), (Version(left), Version(right))
    assert order(*ours) == order(*theirs)


@many
@given(specs, versions)
def test_any_spec_and_version(spec: str, version: str) -> None:
    assert conda_versions.version_matches(spec, version) == VersionSpec(spec).matches(Version(version))


DIFFERENCES = [
    # CEP 33: a trailing underscore belongs to the string before it: parse("1alpha_") is [1, "alpha_"], above "alpha".
    ("<1.2a", "1.2a_", False),
    # CEP 29: "all the version segments before the glob match are equal", and 1a is not 1.
    ("1.0.*", "1post", False),
    ("1.0.0.*", "1.0a", False),
    ("~=1.0.1_", "1post", False),
    ("0+0.*", "a", False),
    # CEP 29: ~= drops the last segment of the version, and says nothing of the local part.
    ("~=0.4.1+local", "0.4.1", True),
    # CEP 29: `pkg ==1.8.* *` is fuzzy; rattler drops the star of everything but = and a single one of !=.
    ("==1.2.*", "1.2.3", True),
    ("!=1.1.*.*", "1.1.3", False),
    # A star after an inequality says nothing (conda); to rattler it makes > inclusive.
    (">1.2.*", "1.2", False),
]


@pytest.mark.parametrize(("spec", "version", "ours"), DIFFERENCES)
def test_known_difference(spec: str, version: str, *, ours: bool) -> None:
    assert conda_versions.version_matches(spec, version) is ours
    assert VersionSpec(spec).matches(Version(version)) is not ours


SPECS_OF_PACKAGES = [
    "numpy",
    "numpy=1.2",
    "numpy =1.2",
    "numpy = 1.2",
    "numpy==1.2",
    "numpy == 1.2",
    "numpy 1.2",
    "numpy 1.2.*",
    "numpy 1.2.* *",
    "numpy=1.2.*",
    "numpy=1.2.*=*",
    "numpy =1.2.* *",
    "numpy 1.2 *",
    "numpy=1.2=*",
    "numpy==1.2=*",
    "numpy ==1.2 *",
    "numpy 1.2 py39_0",
    "numpy=1.2=py39_0",
    "numpy==1.2=py39_0",
    "numpy ==1.2 py39_0",
    "numpy=1.2 py39_0",
    "numpy=1.2*",
    "numpy=1.2*=py3*",
    "numpy>=1.2,<2",
    "numpy >=1.2,<2",
    "numpy >= 1.2, < 2",
    "numpy>=1.2 , <2",
    "numpy >=1.2,<2|3.*",
    "numpy >=1.2,<2 py39*",
    "numpy=1.2|1.3",
    "numpy 1.2|1.3",
    "numpy=1.2|=1.3",
    "numpy=>=1.2",
    "numpy=<2",
    "numpy=!=2",
    "numpy!=1.2",
    "numpy~=1.2",
    "numpy ~=1.2.3",
    "numpy[version=1.2]",
    "numpy[version='1.2.*']",
    "numpy[version='=1.2']",
    "numpy[version='>=1.2,<2', build=py39_0]",
    'numpy[version=">=1.2,<2",build="py39*"]',
    "numpy[build=py39_0]",
    "numpy[build_number=3]",
    "numpy[md5=12345678901234567890123456789012]",
    "numpy[channel=conda-forge]",
    "numpy[channel='conda-forge', subdir=linux-64]",
    "numpy 1.2[build=foo]",
    "numpy=1.2[version='>=3']",
    "numpy[]",
    "numpy[version]",
    "numpy[version='1.2']x",
    "numpy[version='1.2",
    "conda-forge::numpy",
    "conda-forge::numpy=1.2",
    "conda-forge/linux-64::numpy",
    "conda-forge/noarch::numpy>=1",
    "conda-forge/label/dev::numpy",
    "https://conda.example/conda-forge::numpy",
    "https://conda.example:8080/conda-forge/linux-64::numpy 1.2",
    "conda-forge:ns:numpy",
    "ns:numpy",
    "conda-forge::",
    "::numpy",
    "*::numpy",
    "*",
    "*[md5=12345678901234567890123456789012]",
    "py*",
    "^numpy$",
    "numpy # comment",
    "numpy#comment",
    "numpy 1.2 # comment",
    "numpy=",
    "numpy==",
    "numpy>=",
    "numpy>=1.2,",
    "numpy *",
    "numpy=*",
    "numpy ^1\\.[0-9]$",
    "numpy (>=1,<2)|3.*",
    "numpy >=1.2|",
    "NumPy",
    "num py",
    "_libgcc_mutex=0.1=main",
    "r-base=4.1",
    "libgcc-ng>=11.2.0",
    "python=3.8.10=h12debd9_8",
    "openssl=1.1.1w=h7f8727e_0",
    "ca-certificates=2024.2.2=hbcca054_0",
    "tzdata=2024a",
    "python =3.9",
    "python 3.9",
    "python=3.9.*",
    "python <3.9",
    "python>=3.6,!=3.7.*",
    "numpy;python_version<'3'",
    "numpy@1.2",
    "numpy[extras=foo]",
    "@feature",
    "http://conda.example/foo",
    "numpy 1.2 py39-0",
    "numpy==1.2.3.post1",
    "numpy=1.2-3",
    "numpy=1_2",
    "numpy 1!2.0",
    "numpy=1.2+cu11",
    "pytorch=1.8.0=*cuda*",
    "pytorch * *cuda*",
    "numpy ==1.2.*",
    "numpy ==1.2|==1.3",
    "numpy ==1.2 | ==1.3",
    "numpy 1.2 | 1.3",
    "numpy =1.2 | =1.3",
    "foo  >=1.2  py*",
    "gcc_linux-64",
    "__glibc >=2.17",
    "numpy<=2.*",
    "-numpy",
    "numpy-",
    "numpy.foo",
    "numpy===1.2",
    "numpy == 1.2 py39_0",
    "numpy >= 1.2 py39_0",
    "numpy 1.2=py39_0",
    "numpy=1.2,build",
    'numpy[version="1.2", build=*]',
    "numpy(optional=True)",
    "{{ numpy }}",
    "${{ numpy }}",
    "$numpy",
    "café",
    "numpy>=1.8=py39_0",
    "numpy >=1.8=py39_0",
    "numpy (>=1.8)",
    "numpy=1.2 [build=foo]",
    'numpy [ version = "1.2" , build = "x" ]',
]


@pytest.mark.parametrize("text", SPECS_OF_PACKAGES)
def test_match_spec(text: str) -> None:
    assert by_us(text) == by_rattler(text)


MATCH_DIFFERENCES = {
    # CEP 29: "{name} ={version-literal} {build}" denotes fuzzy equality.
    "numpy =1.2 py39_0": "numpy[version='1.2.*', build=py39_0]",
    "numpy ==1.2.* *": "numpy 1.2.*",
    # CEP 29: spaces around = are ignored; rattler makes them, or the = itself, a part of the build.
    "numpy = 1.2 = py39_0": "numpy=1.2=py39_0",
    "numpy 1.2 =py39_0": "numpy 1.2 py39_0",
    # CEP 29: parentheses and globs in the middle of a version are allowed.
    "numpy ( >=1.8 , <2 ) py*": "numpy >=1.8,<2 py*",
    "numpy 1.*.3": "numpy[version='1.*.3']",
    # CEP 29: spaces between keywords "have also been allowed", the keyword name is ignored.
    "numpy[version='1.2' build='x']": "numpy[version='1.2', build='x']",
    "numpy[name=foo]": "numpy",
    # CEP 29, appendix C: the URL of an artifact is a fully specified spec.
    "https://conda.example/c/linux-64/numpy-1.21.0-py39_0.conda": "https://conda.example/c/linux-64::numpy==1.21.0=py39_0",
    # A build string holds neither blanks nor operators (CEP 26): rattler takes what is left for it.
    "numpy 1.2 py39_0 extra": None,
    "numpy >=1.2 <2": None,
    "numpy=1.2=": None,
    "numpy==1.2==": None,
}


@pytest.mark.parametrize(("text", "meaning"), MATCH_DIFFERENCES.items(), ids=MATCH_DIFFERENCES)
def test_known_difference_of_match_specs(text: str, meaning: str | None) -> None:
    assert by_us(text) == (by_us(meaning) if meaning else None)
    assert by_rattler(text) != by_us(text)


names = st.sampled_from(["numpy", "_libgcc_mutex", "r-base", "Foo.bar"])
builds = st.sampled_from(["py39_0", "*", "h1234_0", "*cuda*", "0"])
positional = st.one_of(
    st.builds("{}={}".format, names, prefixes),
    st.builds("{} {}".format, names, main),
    st.builds("{}={}={}".format, names, main, builds),
    st.builds("{} {} {}".format, names, main, builds),
    st.builds("{} {}".format, names, specs),
    st.builds("{} {} {}".format, names, specs, builds),
    st.builds("{}[version='{}', build='{}']".format, names, specs, builds),
)


@many
@given(st.builds("{}{}".format, st.sampled_from(["", "c::", "c/linux-64::"]), positional))
def test_any_match_spec(text: str) -> None:
    assert by_us(text) == by_rattler(text)
