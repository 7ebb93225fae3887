"""Platforms note the image that a notebook ran in: Kaggle, Vertex AI, Databricks, SageMaker; Colab only itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.traces.base import Spot, Told
from envcheck.gather.traces.parts import part, text
from envcheck.model.places import Place
from envcheck.model.traces import Meaning, Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.HOST,)

_TOLD = Told(TraceKind.HOST, Subject.HOST, Meaning.HINT)
_DATABRICKS = "application/vnd.databricks.v1+notebook"
_SAGEMAKER = "__SAGEMAKER_INTERNAL__"


def read(metadata: Mapping[str, object], path: str) -> Iterator[Trace]:
    """Yield the images."""
    image = part(metadata, "kaggle").get("dockerImageVersionId")
    vertex = part(metadata, "environment")
    databricks = part(part(metadata, _DATABRICKS), "environmentMetadata")
    kernel = text(part(metadata, "kernelspec"), "name")
    found = {
        "kaggle": str(image) if isinstance(image, int | str) else "",
        "vertex": text(vertex, "uri") if text(vertex, "type") == "gcloud" else "",
        "databricks": text(databricks, "environment_version"),
        "sagemaker": kernel.partition(_SAGEMAKER)[2],
    }
    for name, version in found.items():
        if version:
            yield from _TOLD.trace(Spot(Place(path)), name, version)
    if part(metadata, "colab"):
        yield from _TOLD.trace(Spot(Place(path)), "colab", "")
