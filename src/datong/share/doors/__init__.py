"""The doors to other systems: signed requests, checks of many at once, approved extracts, and changes told by webhook."""

from datong.share.doors.admission import Admission, Bounds, admissions, admit, bounds_of
from datong.share.doors.batch import BatchAnswer, BatchAsked, BatchRow, check_many, outcome_sheet, read_checks
from datong.share.doors.city_key import city_key, door_keys
from datong.share.doors.extract import (
    MOST_COPIES,
    VALID_HOURS,
    Asked,
    Extract,
    Taken,
    WantedExtract,
    ask_extract,
    decide_extract,
    extracts,
    find_extract,
    take_extract,
    whose_row,
)
from datong.share.doors.message import Key as SignerKey
from datong.share.doors.message import Message as SignedMessage
from datong.share.doors.message import content_digest, fits, read_public_key, read_signatures, sign
from datong.share.doors.sheet import FORMS
from datong.share.doors.signers import Nonces, check_signature, put_signer, signer_of
from datong.share.doors.subscribe import (
    DeadLetter,
    Subscription,
    dead_letters,
    dispatch_due,
    end_subscription,
    settle_letter,
    subscribe,
    subscriptions,
)

__all__ = [
    "FORMS",
    "MOST_COPIES",
    "VALID_HOURS",
    "Admission",
    "Asked",
    "BatchAnswer",
    "BatchAsked",
    "BatchRow",
    "Bounds",
    "DeadLetter",
    "Extract",
    "Nonces",
    "SignedMessage",
    "SignerKey",
    "Subscription",
    "Taken",
    "WantedExtract",
    "admissions",
    "admit",
    "ask_extract",
    "bounds_of",
    "check_many",
    "check_signature",
    "city_key",
    "content_digest",
    "dead_letters",
    "decide_extract",
    "dispatch_due",
    "door_keys",
    "end_subscription",
    "extracts",
    "find_extract",
    "fits",
    "outcome_sheet",
    "put_signer",
    "read_checks",
    "read_public_key",
    "read_signatures",
    "settle_letter",
    "sign",
    "signer_of",
    "subscribe",
    "subscriptions",
    "take_extract",
    "whose_row",
]
