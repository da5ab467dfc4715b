"""The one door out of the registers, and everything that passes through it: questions, passes, claims, disputes, pushes."""

from datong.domain.access import Actor, Ground
from datong.share import doors, mandates
from datong.share.agreement import Agreement, Quota, Rows, Sharing
from datong.share.areas import AreaCount, area_counts
from datong.share.audit import FORMS as AUDIT_FORMS
from datong.share.audit import audit_lines, export_audit
from datong.share.checks import (
    MEASURES,
    RESULTS,
    Check,
    Estimate,
    Sample,
    commit_sample,
    draw_sample,
    open_checks,
    record_check,
    samples,
)
from datong.share.claims import Claimed, Home, Tied, at_my_home, claim_home, give_up_claim, my_data, my_home, my_homes
from datong.share.code_check import Checked, check_code
from datong.share.complaints import Registration, complain, registrations
from datong.share.confirm import HOW as CONFIRMED_HOW
from datong.share.confirm import confirm, withdraw_confirmation
from datong.share.consent_requests import (
    AskedConsent,
    ConsentRequest,
    WantedConsent,
    ask_consent,
    asked_consents,
    consent_agreement,
    consent_request,
    consent_requests,
    give_asked,
    refuse_asked,
)
from datong.share.consents import Consent, give_consent, my_consents, withdraw_consent
from datong.share.csv_text import csv_text
from datong.share.deliveries import Waiting, can_let_in, deliveries, delivery, let_delivery_in, let_row_in, waiting_counts
from datong.share.disputes import Dispute, Wrong, disputes, find_dispute, my_disputes, report_wrong, settle_dispute, start_check
from datong.share.emergency import Wanted as WantedStop
from datong.share.emergency import admitted, key_refused, lift_stop, refuse_stopped, stop_doors, stops
from datong.share.encrypted import EncryptionKey
from datong.share.entitlements import Entitlement, entitlements, purposes_for
from datong.share.failed_sign_ins import failed_sign_ins, sign_in_refused
from datong.share.flow import ask, prepare, wanted
from datong.share.follow import ReadAddress, changes, newest_change, read_address, suggest
from datong.share.index import Known, who_knows
from datong.share.installed import Installed, install, installed, is_installed, moment, once_of_packs
from datong.share.intake import Push, TakenIn, take_in, take_in_all
from datong.share.keys import is_pass, read_key, register_of
from datong.share.levels import within
from datong.share.load import check_sharing, load_sharing
from datong.share.locate import Located, locate
from datong.share.logbook import Look, Looks, Wanted, count_looks, find_look, look_proof, watched, who_looked
from datong.share.masks import MASKS, apply_mask
from datong.share.notices import Message, Notice, dated_number, department_notices, notices, notify, notify_all, read_notice, unread
from datong.share.package import open_package
from datong.share.passes import NewPass, Pass, issue_pass, my_passes, pass_purposes, revoke_pass
from datong.share.policy import BY_PURPOSE, Policy
from datong.share.prepared import Prepared, instead, settle
from datong.share.problems import FILTERS as PROBLEM_FILTERS
from datong.share.problems import (
    Doing,
    OneProblem,
    Problem,
    Problems,
    answer_problems,
    export_problems,
    kinds,
    problem,
    problems,
)
from datong.share.quality import Filled, Fresh, Quality, Rate, Truth, Worst, keep_truth, quality
from datong.share.questions import question_look
from datong.share.receipts import LineReceipt, receipt_proof, receipts
from datong.share.representatives import may_act_for, representatives, representatives_of_all, represented
from datong.share.requests.agreements import Proposal
from datong.share.requests.agreements import act_on as act_on_agreement
from datong.share.requests.agreements import give_up as give_up_fields
from datong.share.requests.agreements import renew as renew_agreement
from datong.share.requests.agreements import sign as sign_agreement
from datong.share.requests.alerts import ANSWERS as ALERT_ANSWERS
from datong.share.requests.alerts import Alert, alerts, answer_alert
from datong.share.requests.asked import Asked, Lack, Request, Step
from datong.share.requests.classes import Offered, offered
from datong.share.requests.flow import OneRequest, data_requests, request_of
from datong.share.requests.flow import advance as advance_request
from datong.share.requests.flow import draft as draft_request
from datong.share.requests.flow import redraft as redraft_request
from datong.share.requests.rules import RequestRules
from datong.share.requests.standing import STATES as AGREEMENT_STATES
from datong.share.requests.standing import OneAgreement, Standing, Version, agreement_of, agreements
from datong.share.requests.steps import Doing as DoingRequest
from datong.share.requests.use import FieldUse, Usage, count_use, usage
from datong.share.requests.what_if import Supposed, WouldSee, what_if
from datong.share.requests.what_if import samples as sandbox_samples
from datong.share.review import (
    ReviewFilter,
    next_review,
    review_counts,
    reviews,
    sync_reviews,
)
from datong.share.review import (
    Waiting as WaitingPair,
)
from datong.share.review_case import Case, Opinion, Side, review_case
from datong.share.review_graph import Drawing, drawn
from datong.share.review_paths import CodeStory, Explained, code_story, explain_pair, merge_feed, suspicious
from datong.share.review_verdict import (
    APPLY,
    Said,
    agreement_of_reviewers,
    apply_judgement,
    give_verdict,
    last_judgements,
    undo_verdict,
)
from datong.share.review_verdict import (
    Agreement as ReviewersAgreement,
)
from datong.share.roles import Role
from datong.share.row_indexes import index_rows, rows_are_indexed
from datong.share.rows import row_filter, row_test
from datong.share.site import KINDS as ON_SITE
from datong.share.site import Seen, see_on_site, site_uses
from datong.share.site_address import captures_addresses
from datong.share.together import Intake
from datong.share.verified import HOW as VERIFIED_HOW
from datong.share.verified import known_papers, note_verified, withdraw_verified
from datong.share.words import KEY_WORDS, field_words
from datong.share.workdays import Calendar, calendar_of, city_day, city_hour, clock_of, day_begins, day_of, light, moment_text
from datong.store import Session

__all__ = [
    "AGREEMENT_STATES",
    "ALERT_ANSWERS",
    "APPLY",
    "AUDIT_FORMS",
    "BY_PURPOSE",
    "CONFIRMED_HOW",
    "KEY_WORDS",
    "MASKS",
    "MEASURES",
    "ON_SITE",
    "PROBLEM_FILTERS",
    "RESULTS",
    "VERIFIED_HOW",
    "Agreement",
    "Alert",
    "AreaCount",
    "Asked",
    "AskedConsent",
    "Calendar",
    "Case",
    "Check",
    "Checked",
    "Claimed",
    "CodeStory",
    "Consent",
    "ConsentRequest",
    "Dispute",
    "Doing",
    "DoingRequest",
    "Drawing",
    "EncryptionKey",
    "Entitlement",
    "Estimate",
    "Explained",
    "FieldUse",
    "Filled",
    "Fresh",
    "Ground",
    "Home",
    "Installed",
    "Intake",
    "Known",
    "Lack",
    "LineReceipt",
    "Located",
    "Look",
    "Looks",
    "Message",
    "NewPass",
    "Notice",
    "Offered",
    "OneAgreement",
    "OneProblem",
    "OneRequest",
    "Opinion",
    "Pass",
    "Policy",
    "Prepared",
    "Problem",
    "Problems",
    "Proposal",
    "Push",
    "Quality",
    "Quota",
    "Rate",
    "ReadAddress",
    "Registration",
    "Request",
    "RequestRules",
    "ReviewFilter",
    "ReviewersAgreement",
    "Role",
    "Rows",
    "Said",
    "Sample",
    "Seen",
    "Sharing",
    "Side",
    "Standing",
    "Step",
    "Supposed",
    "TakenIn",
    "Tied",
    "Truth",
    "Usage",
    "Version",
    "Waiting",
    "WaitingPair",
    "Wanted",
    "WantedConsent",
    "WantedStop",
    "Worst",
    "WouldSee",
    "Wrong",
    "act_on_agreement",
    "admitted",
    "advance_request",
    "agreement_of",
    "agreement_of_reviewers",
    "agreements",
    "alerts",
    "answer_alert",
    "answer_problems",
    "apply_judgement",
    "apply_mask",
    "area_counts",
    "ask",
    "ask_consent",
    "asked_consents",
    "at_my_home",
    "audit_lines",
    "calendar_of",
    "can_let_in",
    "captures_addresses",
    "changes",
    "check_code",
    "check_sharing",
    "city_day",
    "city_hour",
    "claim_home",
    "clock_of",
    "code_story",
    "commit_sample",
    "complain",
    "confirm",
    "consent_agreement",
    "consent_request",
    "consent_requests",
    "count_looks",
    "count_use",
    "csv_text",
    "data_requests",
    "dated_number",
    "day_begins",
    "day_of",
    "deliveries",
    "delivery",
    "department_notices",
    "disputes",
    "doors",
    "draft_request",
    "draw_sample",
    "drawn",
    "entitlements",
    "explain_pair",
    "export_audit",
    "export_problems",
    "failed_sign_ins",
    "field_words",
    "find_dispute",
    "find_look",
    "give_asked",
    "give_consent",
    "give_up_claim",
    "give_up_fields",
    "give_verdict",
    "index_rows",
    "install",
    "installed",
    "instead",
    "is_installed",
    "is_pass",
    "issue_pass",
    "keep_truth",
    "key_refused",
    "kinds",
    "known_papers",
    "last_judgements",
    "let_delivery_in",
    "let_row_in",
    "lift_stop",
    "light",
    "load_sharing",
    "locate",
    "look_proof",
    "mandates",
    "may_act_for",
    "merge_feed",
    "moment",
    "moment_text",
    "my_consents",
    "my_data",
    "my_disputes",
    "my_home",
    "my_homes",
    "my_passes",
    "newest_change",
    "next_review",
    "note_verified",
    "notices",
    "notify",
    "notify_all",
    "offered",
    "once_of_packs",
    "open_checks",
    "open_package",
    "pass_purposes",
    "permissions",
    "prepare",
    "problem",
    "problems",
    "purposes_for",
    "quality",
    "question_look",
    "read_address",
    "read_key",
    "read_notice",
    "receipt_proof",
    "receipts",
    "record_check",
    "redraft_request",
    "refuse_asked",
    "refuse_stopped",
    "register_of",
    "registrations",
    "renew_agreement",
    "report_wrong",
    "representatives",
    "representatives_of_all",
    "represented",
    "request_of",
    "review_case",
    "review_counts",
    "reviews",
    "revoke_pass",
    "row_filter",
    "row_test",
    "rows_are_indexed",
    "samples",
    "sandbox_samples",
    "see_on_site",
    "settle",
    "settle_dispute",
    "sign_agreement",
    "sign_in_refused",
    "site_uses",
    "start_check",
    "stop_doors",
    "stops",
    "suggest",
    "suspicious",
    "sync_reviews",
    "take_in",
    "take_in_all",
    "undo_verdict",
    "unread",
    "usage",
    "waiting_counts",
    "wanted",
    "watched",
    "what_if",
    "who_knows",
    "who_looked",
    "withdraw_confirmation",
    "withdraw_consent",
    "withdraw_verified",
    "within",
]


def permissions(session: Session, actor: Actor) -> frozenset[str]:
    """Everything the actor's posts may do, as roles.yml says: permission strings like "office.verify"."""
    return installed(session).permissions(actor)
