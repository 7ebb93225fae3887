"""Locks of pixi's written by hand, one for each thing that the versions of the format write differently."""

from __future__ import annotations

MD5 = "4fb6ca727d080bd02eba82604ec0e3a8"
SHA256 = "e14a67d27fb53a3579bb03d7ecb3a64adf74820a0f47cacabd9a4e5e8831817a"
COMMIT = "2579ce9f18e67ec3213c6eceb5240310ccd46af8"
CHANNEL = "https://conda.example/forge"

V7 = f"""\
version: 7
platforms:
- name: linux-64
- name: gpu
  subdir: linux-64
  virtual-packages:
  - __cuda=12.0
- name: win-64
environments:
  default:
    channels:
    - url: {CHANNEL}/
    indexes:
    - https://index.example/simple
    packages:
      gpu:
      - conda: {CHANNEL}/linux-64/python-3.12.1-hab00c5b_1_cpython.conda
      linux-64:
      - conda: {CHANNEL}/linux-64/ld_impl_linux-64-2.40-hf3520f5_1.conda
      - conda: {CHANNEL}/linux-64/python-3.12.0-hab00c5b_0_cpython.conda
      - conda: {CHANNEL}/noarch/numpy-base-1.26.4-py_0.conda
      - conda_source: built[0bf2a1c3] @ packages/built
      - pypi: .
      - pypi: git+https://index.example/a/flask.git?tag=v3#{COMMIT}
      - pypi: direct+https://index.example/click-8.1.7-py3-none-any.whl
      - pypi: https://index.example/rich-13.7.1-py3-none-any.whl
      win-64:
      - conda: {CHANNEL}/noarch/numpy-base-1.26.4-py_0.conda
  test:
    channels:
    - url: {CHANNEL}/
    packages:
      linux-64:
      - conda: {CHANNEL}/linux-64/python-3.12.1-hab00c5b_1_cpython.conda
packages:
- conda: {CHANNEL}/linux-64/ld_impl_linux-64-2.40-hf3520f5_1.conda
  sha256: {SHA256}
  md5: {MD5}
  constrains:
  - binutils_impl_linux-64 2.40
  purls: []
- conda: {CHANNEL}/linux-64/python-3.12.0-hab00c5b_0_cpython.conda
  sha256: {SHA256}
  depends:
  - __glibc >=2.17
  - ld_impl_linux-64 >=2.36.1
- conda: {CHANNEL}/linux-64/python-3.12.1-hab00c5b_1_cpython.conda
  md5: {MD5}
- conda: {CHANNEL}/noarch/numpy-base-1.26.4-py_0.conda
  depends:
  - python >=3.10
  purls:
  - pkg:pypi/numpy?source=hash-mapping
- conda_source: built[0bf2a1c3] @ packages/built
  depends:
  - python
- pypi: .
  name: demo
  requires_dist:
  - flask>=3
  - rich[jupyter] ; extra == 'show'
  - pytest ; extra == 'test'
- pypi: git+https://index.example/a/flask.git?tag=v3#{COMMIT}
  name: flask
  version: 3.0.0
  requires_dist:
  - click>=8
- pypi: direct+https://index.example/click-8.1.7-py3-none-any.whl
  name: click
  version: 8.1.7
  sha256: {SHA256}
  requires_dist:
  - colorama ; sys_platform == 'win32'
- pypi: https://index.example/rich-13.7.1-py3-none-any.whl
  name: rich
  version: 13.7.1
  sha256: {SHA256}
  requires_dist:
  - ipywidgets>=7.5.1,<9 ; extra == 'jupyter'
  - numpy>=1
  requires_python: '>=3.7.0'
"""

V6 = f"""\
version: 6
environments:
  default:
    channels:
    - url: {CHANNEL}/
    packages:
      linux-64:
      - conda: {CHANNEL}/linux-64/python-3.12.0-hab00c5b_0_cpython.conda
      - conda: packages/built
        subdir: linux-64
      - pypi: ./demo
      - pypi: https://index.example/rich-13.7.1-py3-none-any.whl#sha256={SHA256}
      osx-64:
      - conda: packages/built
        subdir: osx-64
packages:
- conda: {CHANNEL}/linux-64/python-3.12.0-hab00c5b_0_cpython.conda
  sha256: {SHA256}
- conda: packages/built
  name: built
  version: '1.10'
  build: h1_0
  subdir: linux-64
  depends:
  - python
- conda: packages/built
  name: built
  version: '1.10'
  build: h2_0
  subdir: osx-64
- pypi: ./demo
  name: demo
  version: 0.1.0
  sha256: {SHA256}
  editable: true
- pypi: https://index.example/rich-13.7.1-py3-none-any.whl#sha256={SHA256}
  name: rich
  version: 13.7.1
  sha256: {SHA256}
"""

V5 = f"""\
version: 5
environments:
  default:
    channels:
    - url: {CHANNEL}/
    packages:
      linux-64:
      - conda: {CHANNEL}/linux-64/python-3.10.1-0_cpython.tar.bz2
      - conda: {CHANNEL}/noarch/tzdata-2024a-h0c530f3_0.conda
      - pypi: https://index.example/attrs-23.1.0-py3-none-any.whl
      - pypi: ./demo
      win-64:
      - conda: {CHANNEL}/noarch/tzdata-2024a-h0c530f3_0.conda
packages:
- kind: pypi
  name: attrs
  version: 23.1.0
  url: https://index.example/attrs-23.1.0-py3-none-any.whl
  sha256: {SHA256}
- kind: pypi
  name: demo
  version: 0.0.2
  path: ./demo
  requires_dist:
  - attrs
  editable: true
- kind: conda
  name: python
  version: 3.10.1
  build: 0_cpython
  subdir: linux-64
  url: {CHANNEL}/linux-64/python-3.10.1-0_cpython.tar.bz2
  sha256: {SHA256}
  md5: {MD5}
- kind: conda
  name: tzdata
  version: 2024a
  build: h0c530f3_0
  subdir: noarch
  noarch: generic
  url: {CHANNEL}/noarch/tzdata-2024a-h0c530f3_0.conda
  sha256: {SHA256}
"""

LOCKS = {"version 7": V7, "version 6": V6, "version 5": V5, "version 4": V5.replace("version: 5", "version: 4", 1)}
