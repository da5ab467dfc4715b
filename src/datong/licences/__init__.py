"""Electronic licences: issued, changed and ended on record; shown by their holders as they choose; verified by anybody, offline too."""

from datong.licences.accounts import CompanyAccount, company_accounts
from datong.licences.check import Agreed, Checked, agree, agreed, by_card, check_paper, check_text, redeem, withdraw_agreed
from datong.licences.credential import END
from datong.licences.flow import Together, act, issue, issue_all
from datong.licences.jose import ForgedError, PublicKey, SigningKey, open_jws, sign_jws
from datong.licences.keys import jwks, rotate
from datong.licences.library import Stock, of_holder, of_type, own, stock, types, versions
from datong.licences.licence import ACTS, STATES, Doing, Licence, NewLicence, Verdict
from datong.licences.numbers import Identifier, read_identifier
from datong.licences.openid import Offer, OpenIdError
from datong.licences.openid import ask as openid_ask
from datong.licences.openid import hand_over as openid_credential
from datong.licences.openid import metadata as openid_metadata
from datong.licences.openid import nonce as openid_nonce
from datong.licences.openid import offer as openid_offer
from datong.licences.openid import request_object as openid_request
from datong.licences.openid import respond as openid_respond
from datong.licences.openid import result as openid_result
from datong.licences.openid import token as openid_token
from datong.licences.orders import MOST as MOST_ORDERED
from datong.licences.orders import Order, Ordered, order, order_act, state_of
from datong.licences.paper import FORMS as PAPER_FORMS
from datong.licences.paper import is_paper
from datong.licences.printed import Paper, check_file, paper
from datong.licences.remind import remind
from datong.licences.show import PREFIX, Code, Showing, present, show_code
from datong.licences.signatures import (
    Signature,
    SignatureVerdict,
    ask_signature,
    end_signing_key,
    own_signature,
    refuse_signature,
    sign_document,
    signature_file,
    signatures,
    verify_signature,
)
from datong.licences.trust import Statuses, bundle, read_bundle, status_list, statuses
from datong.licences.uses import Use, uses
from datong.licences.verify import Expect, verify

__all__ = [
    "ACTS",
    "END",
    "MOST_ORDERED",
    "PAPER_FORMS",
    "PREFIX",
    "STATES",
    "Agreed",
    "Checked",
    "Code",
    "CompanyAccount",
    "Doing",
    "Expect",
    "ForgedError",
    "Identifier",
    "Licence",
    "NewLicence",
    "Offer",
    "OpenIdError",
    "Order",
    "Ordered",
    "Paper",
    "PublicKey",
    "Showing",
    "Signature",
    "SignatureVerdict",
    "SigningKey",
    "Statuses",
    "Stock",
    "Together",
    "Use",
    "Verdict",
    "act",
    "agree",
    "agreed",
    "ask_signature",
    "bundle",
    "by_card",
    "check_file",
    "check_paper",
    "check_text",
    "company_accounts",
    "end_signing_key",
    "is_paper",
    "issue",
    "issue_all",
    "jwks",
    "of_holder",
    "of_type",
    "open_jws",
    "openid_ask",
    "openid_credential",
    "openid_metadata",
    "openid_nonce",
    "openid_offer",
    "openid_request",
    "openid_respond",
    "openid_result",
    "openid_token",
    "order",
    "order_act",
    "own",
    "own_signature",
    "paper",
    "present",
    "read_bundle",
    "read_identifier",
    "redeem",
    "refuse_signature",
    "remind",
    "rotate",
    "show_code",
    "sign_document",
    "sign_jws",
    "signature_file",
    "signatures",
    "state_of",
    "status_list",
    "statuses",
    "stock",
    "types",
    "uses",
    "verify",
    "verify_signature",
    "versions",
    "withdraw_agreed",
]
