"""The ledger's key pair in the city's home: `keys/ledger.key` for its keeper alone, `keys/ledger.pub` for everyone."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from datong.domain.errors import BadSettings, BadValue, Missing
from datong.ledger.note import KEY_SIZE, Signer, VerifierKey, check_name
from datong.ledger.sm2 import Sm2Key, Sm2Signer, new_signer
from datong.settings import write_secret


def make_keys(home: Path, origin: str) -> Signer:
    """The city's ledger key, made on the first call. A log keeps its origin for ever: another one raises BadSettings."""
    path = _secret_file(home)
    if path.exists():
        signer = load_signer(home)
        if signer.name != origin:
            raise BadSettings(f"origin: the ledger was begun as {signer.name} and keeps that name; set origin back to it")
        return signer
    signer = Signer(check_name(origin), os.urandom(KEY_SIZE))
    write_secret(path, f"{signer.secret()}\n".encode())
    _public_file(home).write_text(f"{signer.verifier}\n", encoding="utf-8")
    return signer


def load_signer(home: Path) -> Signer:
    """The key that signs checkpoints, with the SM2 key beside it in a city that made one; Missing says how to make it."""
    signer = Signer.parse(read_key_file(_secret_file(home)))
    national = _sm2_file(home)
    return replace(signer, beside=(Sm2Signer.parse(read_key_file(national)),)) if national.exists() else signer


def make_sm2_key(home: Path) -> Sm2Key:
    """The city's SM2 key, made on the first call: from then on every checkpoint bears its signature too."""
    path = _sm2_file(home)
    if path.exists():
        return Sm2Signer.parse(read_key_file(path)).verifier
    signer = new_signer(load_signer(home).name)
    write_secret(path, f"{signer.secret()}\n".encode())
    path.with_suffix(".pub").write_text(f"{signer.verifier}\n", encoding="utf-8")
    return signer.verifier


def national_signer(home: Path) -> Sm2Signer | None:
    """The city's SM2 key, in a city that made one."""
    path = _sm2_file(home)
    return Sm2Signer.parse(read_key_file(path)) if path.exists() else None


def load_verifier(home: Path) -> VerifierKey:
    """The key that checkpoints are verified with."""
    return VerifierKey.parse(read_key_file(_public_file(home)))


def read_key_file(path: Path) -> str:
    """The text of a key file; Missing or BadValue says what to do."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Missing(f"There is no {path.parent.name}/{path.name} in the city's home; `datong init` makes it.") from None
    except UnicodeDecodeError:
        raise BadValue(f"{path.parent.name}/{path.name}", "is no text", "restore it from the copy kept in safety") from None


def _secret_file(home: Path) -> Path:
    return home / "keys" / "ledger.key"


def _sm2_file(home: Path) -> Path:
    return home / "keys" / "ledger-sm2.key"


def _public_file(home: Path) -> Path:
    return home / "keys" / "ledger.pub"
