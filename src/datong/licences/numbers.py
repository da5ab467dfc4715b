"""The number of an electronic licence after GB/T 36904: its type, who issued it, its serial, its version and a check character.

The check character is ISO 7064 MOD 37,36 over the four parts written together, without the root and the dots.
"""

from __future__ import annotations

from dataclasses import dataclass

from datong.domain.identifiers import MOD37_ALPHABET, fold, mod37_36

ROOT = "1.2.156.3005.2"
TYPE_SIZE, VERSION_SIZE, LONGEST = 21, 3, 200


@dataclass(frozen=True)
class Identifier:
    """The parts of an electronic licence's number. `problem`: missing, form, characters, check_character; empty when sound."""

    type_code: str
    issuer: str
    serial: str
    version: int
    problem: str = ""

    @property
    def sound(self) -> bool:
        """Whether it may name a licence."""
        return not self.problem

    def __str__(self) -> str:
        """As it is printed, with its check character."""
        version = f"{self.version:03d}"
        check = mod37_36(f"{self.type_code}{self.issuer}{self.serial}{version}")
        return f"{ROOT}.{self.type_code}.{self.issuer}.{self.serial}.{version}.{check}"


def read_identifier(text: str) -> Identifier:
    """An electronic licence's number as someone wrote it."""
    value = fold(text).replace(" ", "").upper()
    if not value:
        return Identifier("", "", "", 0, "missing")
    parts = value.removeprefix(f"{ROOT}.").split(".")
    if len(value) > LONGEST or len(parts) != 5:
        return Identifier("", "", "", 0, "form")
    type_code, issuer, serial, version, check = parts
    if len(type_code) != TYPE_SIZE or len(version) != VERSION_SIZE or len(check) != 1 or not (issuer and serial):
        return Identifier("", "", "", 0, "form")
    if any(char not in MOD37_ALPHABET for char in "".join(parts)) or not (version.isascii() and version.isdigit()):
        return Identifier("", "", "", 0, "characters")
    problem = "" if mod37_36(type_code + issuer + serial + version) == check else "check_character"
    return Identifier(type_code, issuer, serial, int(version), problem)
