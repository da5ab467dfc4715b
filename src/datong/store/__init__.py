"""The only package that knows a database driver: sessions, migrations, raw files by hash, the lake, jobs."""

from datong.store.duck import open_duck
from datong.store.migrate import migrate
from datong.store.session import Row, Session
from datong.store.store import Store, open_store, store_url

__all__ = ["Row", "Session", "Store", "migrate", "open_duck", "open_store", "store_url"]
