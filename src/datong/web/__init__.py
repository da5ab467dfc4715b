"""The city's doors for people and systems: sign-in, office pages, citizens' pages, the API."""

from datong.web import identity
from datong.web.accounts import NewAccount, NewKey, api_keys, create_account, create_api_key, key_of, retire_api_key
from datong.web.app import create_app
from datong.web.witness import create_witness_app

__all__ = [
    "NewAccount",
    "NewKey",
    "api_keys",
    "create_account",
    "create_api_key",
    "create_app",
    "create_witness_app",
    "identity",
    "key_of",
    "retire_api_key",
]
