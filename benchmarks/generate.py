"""Notebooks to measure with: made up, always the same for a seed, and shaped like those that people publish.

The shape is that of 6,087 published notebooks: a median of 27 kB and a mean of 183 kB (so a log-normal distribution),
four fifths of it outputs, half of the cells code, an import in every fourth code cell and a magic in every tenth.
"""

from __future__ import annotations

import base64
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEDIAN_BYTES, SIGMA, LARGEST_BYTES = 27_000, 1.95, 4_000_000
Cell = dict[str, Any]

REQUIREMENTS = "numpy\npandas>=1.5\nmatplotlib==3.9.2\nscikit-learn\nseaborn\nrequests==2.32.3\n"
IMPORTS = """
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
---
import os, sys
from pathlib import Path

import seaborn as sns
sns.set_theme(style="whitegrid")
---
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression
---
try:
    import cupy as xp
except ImportError:
    import numpy as xp
---
from scipy import stats, optimize
import statsmodels.api as sm
---
import json, re, datetime
import requests
from tqdm.auto import tqdm
---
import torch
from torch import nn
import torch.nn.functional as F
---
from google.cloud import storage
import yaml, PIL.Image
"""
PLAIN_MAGICS = """
%matplotlib inline
---
!pip install -q pandas==2.1.4 seaborn
---
%%time
model.fit(X_train, y_train)
---
%load_ext autoreload
%autoreload 2
---
%timeit df.groupby("station").mean(numeric_only=True)
---
!nvidia-smi
"""
ODD_MAGICS = """
files = !ls data
print(len(files))
---
df.groupby?
---
%%bash
head -n 3 data/stations.csv
"""
CODE = """
df = pd.read_csv("data/stations.csv", parse_dates=["day"])
df = df.dropna(subset=["level"])
df.head()
---
monthly = (
    df.set_index("day")
    .groupby("station")["level"]
    .resample("MS")
    .mean()
    .unstack(0)
)
---
fig, ax = plt.subplots(figsize=(9, 4))
for name, level in monthly.items():
    ax.plot(level.index, level, label=name)
ax.set_xlabel("month")
ax.set_ylabel("level [m]")
ax.legend()
plt.show()
---
def anomaly(values, window=12):
    '''Subtract the running mean; it is important to centre it.'''
    mean = values.rolling(window, center=True).mean()
    return values - mean

anomalies = monthly.apply(anomaly)
---
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
model = LogisticRegression(max_iter=1000)
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
---
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Linear(8, width)
        self.b = nn.Linear(width, 1)

    def forward(self, x):
        return self.b(F.relu(self.a(x)))
---
for epoch in range(20):
    loss = step(batch)
    if epoch % 5 == 0:
        print(f"{epoch:3d} {loss:.4f}")
---
assert not df.isna().any().any()
len(df), df["day"].min(), df["day"].max()
"""
PROSE = """
## Water levels

The gauges report **hourly**; we keep the daily mean and drop days with gaps.
---
The model is fitted on four fifths of the stations. It is *not* important which ones: see the table below.
---
### Notes

1. levels are in metres above the local zero,
2. days are UTC,
3. see `data/README.md` for the licence.
"""


def _parts(text: str) -> list[str]:
    return text.strip("\n").split("\n---\n")


IMPORT_CELLS, CODE_CELLS, PROSE_CELLS = _parts(IMPORTS), _parts(CODE), _parts(PROSE)
MAGIC_CELLS = _parts(PLAIN_MAGICS) * 3 + _parts(ODD_MAGICS)


def write_project(folder: Path, count: int, seed: int = 1) -> None:
    """Write ``count`` notebooks and a requirements.txt into a new folder."""
    chance = random.Random(seed)
    for number in range(count):
        path = folder / f"part{number // 50:02}" / f"analysis_{number:04}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        wanted = min(int(chance.lognormvariate(0, SIGMA) * MEDIAN_BYTES), LARGEST_BYTES)
        path.write_text(_notebook(chance, wanted), encoding="utf-8")
    (folder / "requirements.txt").write_text(REQUIREMENTS, encoding="utf-8")


def write_giant(path: Path, megabytes: int = 200, seed: int = 1) -> None:
    """Write one notebook of about so many megabytes, cell by cell: the writer stays small."""
    chance = random.Random(seed)
    head, tail = json.dumps(_skeleton([]), indent=1).split('"cells": []')
    with path.open("w", encoding="utf-8") as file:
        size = file.write(f'{head}"cells": [\n')
        separator = ""
        while size < megabytes * 1_000_000:
            size += file.write(separator + json.dumps(_code_cell(chance, chance.randint(1_000, 400_000)), indent=1))
            separator = ",\n"
        file.write(f"]{tail}")


def _notebook(chance: random.Random, wanted: int) -> str:
    cells = []
    room = wanted
    for cell in _cells(chance, wanted):
        room -= len(json.dumps(cell))
        cells.append(cell)
        if room <= 0:
            break
    return json.dumps(_skeleton(cells), indent=1, ensure_ascii=False) + "\n"


def _cells(chance: random.Random, wanted: int) -> Iterator[Cell]:
    output = max(200, int(wanted * 0.8 / 15))
    yield _code_cell(chance, 0, IMPORT_CELLS[0])
    while True:
        yield {"cell_type": "markdown", "metadata": {}, "source": _lines(chance.choice(PROSE_CELLS))}
        yield _code_cell(chance, int(output * chance.expovariate(1)))


def _code_cell(chance: random.Random, output: int, source: str = "") -> Cell:
    draw = chance.random()
    source = source or chance.choice(IMPORT_CELLS if draw < 0.23 else MAGIC_CELLS if draw < 0.33 else CODE_CELLS)
    count = chance.randint(1, 200)
    outputs = [_output(chance, output, count)] if output > 100 else []
    cell = {"cell_type": "code", "execution_count": count, "metadata": {}, "outputs": outputs}
    return {**cell, "source": _lines(source)}


def _output(chance: random.Random, size: int, count: int) -> Cell:
    draw = chance.random()
    if draw < 0.5:
        image = base64.b64encode(chance.randbytes(size * 3 // 4)).decode("ascii")
        return {"data": {"image/png": image}, "metadata": {}, "output_type": "display_data"}
    numbers = [f"{chance.random() * 100:9.4f}" for _ in range(size // 24 + 1)]
    if draw < 0.75:
        return {"name": "stdout", "output_type": "stream", "text": [f"step {number}\n" for number in numbers]}
    rows = [f"<tr><td>{n}</td></tr>\n" for n in numbers]
    table = {"text/html": ["<table>\n", *rows, "</table>"], "text/plain": ["   level\n"]}
    return {"data": table, "execution_count": count, "metadata": {}, "output_type": "execute_result"}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _skeleton(cells: list[Cell]) -> Cell:
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    language = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "version": "3.11.7"}
    metadata = {"kernelspec": kernel, "language_info": language}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


if __name__ == "__main__":
    write_project(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
