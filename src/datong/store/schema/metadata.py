"""The one list of tables."""

from sqlalchemy import MetaData

METADATA = MetaData()
