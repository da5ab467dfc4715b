"""What `datong serve` does beside the first requests."""

import gc

import pytest

from datong.cli import serve


@pytest.fixture(autouse=True)
def thawed():
    """Leave the collector as it was found."""
    yield
    gc.unfreeze()
    gc.enable()


def test_the_citys_places_are_loaded_and_set_aside_from_the_collector(sqlite_store):
    frozen = gc.get_freeze_count()
    serve.warm(sqlite_store)
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen
    assert "fuse.places" in sqlite_store.parts


def test_the_collector_works_again_when_the_places_cannot_be_loaded(sqlite_store):
    with sqlite_store.session() as session:
        session.run("DROP TABLE place")
    with pytest.raises(Exception, match="place"):
        serve.warm(sqlite_store)
    assert gc.isenabled()
