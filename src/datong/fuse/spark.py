"""A session on Spark, for whatever runs set-wise there. Needs pyspark (the extra `spark`) and Java 17 or 21.

Every worker must have datong installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datong.domain.errors import BadSettings

_NEEDED = "--engine spark needs pyspark: install datong[spark], and Java 17 or 21"


def spark_session(master: str, options: Mapping[str, str] | None = None) -> Any:
    """A session on `spark://host:port` or `local[*]`. Raises `BadSettings` where pyspark or Java is missing or nobody answers."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise BadSettings(_NEEDED) from None
    builder = SparkSession.builder.master(master).appName("datong")
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "262144",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **(options or {}),
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise BadSettings(f"Spark at {master} could not be started: {type(error).__name__}; {_NEEDED}") from error
    session.sparkContext.setLogLevel("ERROR")
    return session
