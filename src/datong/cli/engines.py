"""What `--engine` may say: this process, or a Spark master."""

from __future__ import annotations

import re
from collections.abc import Sequence

from datong.domain.errors import BadValue

_SPARK = re.compile(r"spark://.+|local\[(?:\d+|\*)(?:,\s*\d+)?\]|local-cluster\[.+\]|yarn|k8s://.+")
LOCAL = "local"


def spark_options(engine: str, conf: Sequence[str]) -> dict[str, str]:
    """The settings given for a Spark master. Raises BadValue when the engine is none, or a setting has no value."""
    if not _SPARK.fullmatch(engine):
        raise BadValue("--engine", f"{engine!r} is no engine", "write local, spark://HOST:PORT or local[*]")
    pairs = [one.partition("=") for one in conf]
    if wrong := [one for one, equals, _ in pairs if not equals]:
        raise BadValue("--conf", f"{wrong[0]!r} has no value", "write name=value")
    return {one: value for one, _, value in pairs}
