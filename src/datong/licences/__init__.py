"""Electronic licences: issued, changed and ended on record; shown by their holders as they choose; verified by anybody, offline too."""

from datong.licences.flow import act, issue
from datong.licences.jose import ForgedError, PublicKey, SigningKey
from datong.licences.keys import jwks, rotate
from datong.licences.library import Stock, of_holder, of_type, own, stock, types, versions
from datong.licences.licence import ACTS, STATES, Doing, Licence, NewLicence, Verdict
from datong.licences.numbers import Identifier, read_identifier
from datong.licences.trust import Statuses, bundle, read_bundle, status_list, statuses
from datong.licences.verify import Expect, verify

__all__ = [
    "ACTS",
    "STATES",
    "Doing",
    "Expect",
    "ForgedError",
    "Identifier",
    "Licence",
    "NewLicence",
    "PublicKey",
    "SigningKey",
    "Statuses",
    "Stock",
    "Verdict",
    "act",
    "bundle",
    "issue",
    "jwks",
    "of_holder",
    "of_type",
    "own",
    "read_bundle",
    "read_identifier",
    "rotate",
    "status_list",
    "statuses",
    "stock",
    "types",
    "verify",
    "versions",
]
