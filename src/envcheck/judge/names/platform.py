"""Modules that the host of a notebook supplies (Colab, Kaggle, Databricks, Fabric, Pyodide, ArcGIS …).

Nobody installs them, so nobody should be told to.
"""

from __future__ import annotations

_HOSTED = frozenset(
    {
        "google.colab",
        "kaggle_secrets",
        "kaggle_datasets",
        "kaggle_web_client",
        "dbutils",
        "dbruntime",
        "pyspark.dbutils",
        "notebookutils",
        "mssparkutils",
        "trident_token_library_wrapper",
        "awsglue",
        "ibm_watson_studio_lib",
        "project_lib",
        "js",
        "pyodide",
        "pyodide_js",
        "piplite",
        "pyodide_kernel",
        "arcpy",
        "arcgisscripting",
        "qgis",
        "processing",
        "bpy_extras",
        "mathutils",
        "hou",
        "maya",
        "unreal",
        "FreeCAD",
        "sage",
        "salome",
        "pcbnew",
        "idaapi",
        "idautils",
    }
)


def platform_name(module: str) -> str:
    """Return the hosted module that a dotted module belongs to (``google.colab.drive``: ``google.colab``), or empty."""
    prefix = module
    while prefix:
        if prefix in _HOSTED:
            return prefix
        prefix = prefix.rpartition(".")[0]
    return ""
