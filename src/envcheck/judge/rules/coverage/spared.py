"""What is rightly declared although nothing imports it: tools, plug-ins, backends, what serves another distribution."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage.development import is_development
from envcheck.model.names import normalize

_TOOLS = """
    autopep8 awscli bandit black bokeh-server build bump2version bumpversion check-manifest codecov codespell
    cookiecutter coverage cruft deptry docker-compose dvc envcheck-nb flake8 flit gunicorn hatch hatchling hypercorn
    invoke isort jupytext kaggle kedro mkdocs mlflow mypy nbclean nbconvert nbdime nbmake nbqa nbsphinx nbstripout
    nbval nodeenv nox papermill pdm pip pip-audit pip-tools pipdeptree pipenv pipx poetry poetry-core pre-commit pudb
    py-spy pycodestyle pydocstyle pyflakes pylint pyright pytest pyupgrade quarto-cli repo2docker rise ruff safety
    scons setuptools setuptools-scm snakemake sphinx streamlit tox twine uv uvicorn versioneer virtualenv voila
    watermark wheel yapf
"""
_JUPYTER = """
    appmode bash-kernel black-nb ipykernel ipympl ipyparallel ipython ipython-sql ipywidgets jupysql jupyter
    jupyterhub jupyterlab lckr-jupyterlab-variableinspector nb-black nb-conda-kernels nbclassic nbclient nbformat
    nbgitpuller nbgrader notebook pyzmq qtconsole retrolab rpy2 tornado tqdm-notebook widgetsnbextension
"""
# Chosen at run time by a string, a file ending or a URL: engines of pandas and xarray, SQL drivers, file systems.
_BACKENDS = """
    adbc-driver-postgresql adlfs aiohttp aiomysql aiosqlite asyncpg blosc bottleneck brotli cairocffi calamine cfgrib
    clickhouse-sqlalchemy cx-oracle cython duckdb-engine eccodes ecos fastparquet ffmpeg-python gcsfs gmpy2 graphviz
    h5netcdf h5py html5lib httptools imageio-ffmpeg jinja2 kaleido libsass lxml lz4 mysql-connector-python mysqlclient
    netcdf4 nodejs numba numcodecs numexpr odfpy openpyxl oracledb osqp pandas-gbq pillow plotly-orca psycopg
    psycopg-binary psycopg2 psycopg2-binary pyamg pyarrow pydap pydot pydotplus pygraphviz pymssql pymysql pyodbc
    pypandoc pyproj pyqt5 pyqt6 pyreadstat pyside2 pyside6 pysocks python-calamine python-multipart python-snappy
    pyxlsb rasterio redshift-connector rioxarray s3fs scs sentencepiece snowflake-sqlalchemy sqlalchemy-bigquery
    sqlalchemy-redshift tables tabulate tiktoken tzdata uvloop watchfiles websockets xlrd xlsxwriter xlwt zarr
    zstandard
"""
_NAMES = frozenset(f"{_TOOLS} {_JUPYTER} {_BACKENDS}".split())
_FAMILIES = """
    black flake8 hatch intel jupyter jupyterhub jupyterlab mkdocs mkl mypy nbconvert nbgrader nvidia
    opentelemetry-instrumentation pip poetry pre-commit pylint pytest setuptools sphinx sphinxcontrib tree-sitter types
"""
_MEMBER = re.compile(rf"(?:{'|'.join(_FAMILIES.split())})-.+|.+-(?:stubs|kernel|plugin|theme|nbextension|labextension)")
_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]*)['\"]")


def is_spared(name: str) -> bool:
    """Tell whether a distribution of this normalised name is known to be used without being imported."""
    return name in _NAMES or _MEMBER.fullmatch(name) is not None


def serving(evidence: Evidence) -> frozenset[str]:
    """Return what the used and declared distributions require of others, in extras too: it may be their backend.

    pandas names openpyxl and matplotlib as extras and imports them itself; extras for developers do not count.
    """
    if evidence.environment is None:
        return frozenset()
    wanted = {key for key, dossier in evidence.dossiers.items() if dossier.declared()} | evidence.companion_keys
    return frozenset(
        name
        for distribution in evidence.environment.distributions
        if distribution.name in wanted
        for text in distribution.requires
        for name in _required(text)
        if name != distribution.name
    )


def _required(text: str) -> Iterator[str]:
    match = _NAME.match(text)
    extras = _EXTRA.findall(text)
    if match and not (extras and all(map(is_development, extras))):
        yield normalize(match[1])


def importable(evidence: Evidence) -> frozenset[str]:
    """Return the installed distributions that own any module: the others (collections, scripts) cannot be imported."""
    modules = evidence.environment.modules if evidence.environment else {}
    return frozenset(owner for owners in modules.values() for owner in owners)
