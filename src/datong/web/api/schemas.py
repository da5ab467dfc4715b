"""What the API takes and gives. A field that is not described here is refused by name."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from datong.domain.access import Answer, Ground, Key, Question, Reason, Register, SharedEntry
from datong.share import Entitlement
from datong.web.api.sharing_schemas import EventOut, VerifiedOut

LARGEST = 2**63 - 1
"""The largest number the stores can hold."""
KeyType = Literal[
    "code",
    "citizen_id",
    "credit_code",
    "title_no",
    "certificate_no",
    "phone",
    "plate",
    "name_birth",
    "org_name",
    "address",
    "pass",
    "account_no",
]
Text = Field(min_length=1, max_length=300)
Name = Field(min_length=1, max_length=80, pattern=r"^[a-z][a-z0-9_]*$")
FieldName = Annotated[str, Name]
Value = Annotated[str, Field(max_length=300)]


class Strict(BaseModel):
    """Refuses members nobody described, so that a misspelt one is not passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class KeyIn(Strict):
    """What the subject is asked by."""

    type: KeyType
    value: str = Field(min_length=1, max_length=300, description="As typed or scanned; blanks and full-width forms are understood.")
    extra: dict[FieldName, Value] = Field(
        default_factory=dict, max_length=5, description='Further values of a compound key: {"birth_date": "1990-01-02"} beside a name.'
    )

    def value_of(self) -> Key:
        """The key as the one door takes it."""
        return Key(self.type, self.value, tuple(self.extra.items()))


class ReasonIn(Strict):
    """Why just this read."""

    kind: Literal["case", "task", "inspection", "consent", "unmask", "own", "statistic", "none"] = "none"
    reference: str = Field(default="", max_length=120, description="The case or task number in your system.")
    text: str = Field(default="", max_length=300)

    def value_of(self) -> Reason:
        """The reason as the one door takes it."""
        return Reason(self.kind, self.reference, self.text)


class VerifyIn(Strict):
    """Compare claims with a register; only the outcome leaves."""

    purpose: str = Name
    about: Register = Field(alias="register", description="Which register: person, organisation or premises.")
    key: KeyIn
    claims: dict[FieldName, Value] = Field(min_length=1, max_length=30, description="Field → the value claimed.")
    reason: ReasonIn = ReasonIn()
    automatic: bool = True

    def question(self) -> Question:
        """The question as the one door takes it."""
        return Question(
            purpose=self.purpose,
            operation="verify",
            register=self.about,
            key=self.key.value_of(),
            claims=tuple(self.claims.items()),
            reason=self.reason.value_of(),
            automatic=self.automatic,
        )


class PublicKeyIn(Strict):
    """A public key of P-256 (JSON Web Key); best a new one for each request."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")
    y: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")


class LookUpIn(Strict):
    """Read the granted fields of one subject."""

    purpose: str = Name
    about: Register = Field(alias="register", description="Which register: person, organisation or premises.")
    key: KeyIn
    fields: list[FieldName] = Field(default_factory=list, max_length=60, description="Empty: every field the agreement grants.")
    unmask: list[FieldName] = Field(default_factory=list, max_length=20, description="Fields to be shown whole; wants a reason with words.")
    reason: ReasonIn = ReasonIn()
    automatic: bool = True
    encrypt_to: PublicKeyIn | None = Field(default=None, description="The answer is encrypted to this key (JWE, ECDH-ES and A256GCM).")

    def question(self) -> Question:
        """The question as the one door takes it."""
        return Question(
            purpose=self.purpose,
            operation="look_up",
            encrypted=self.encrypt_to is not None,
            register=self.about,
            key=self.key.value_of(),
            fields=tuple(self.fields),
            unmask=tuple(self.unmask),
            reason=self.reason.value_of(),
            automatic=self.automatic,
        )


class GroundOut(BaseModel):
    """One reason behind an answer: a stable word, the field, sentences for people, the rule that gave it or is missing."""

    code: str
    field: str = ""
    zh: str = ""
    en: str = ""
    rule: str = ""


class FactOut(BaseModel):
    """One field of a subject, with where it comes from."""

    field: str
    value: str
    masked: bool
    source: str
    department: str
    delivery: str
    as_of: str
    conflict: bool
    marks: list[str]


class LinkOut(BaseModel):
    """A relation to another subject, as far as the agreement lets it be seen."""

    type: str
    direction: Literal["out", "in"]
    code: str
    about: str = Field(alias="register")
    label: str
    since: str
    until: str
    source: str
    department: str


class ConfirmedOut(BaseModel):
    """Premises confirmed by a department: they need not be examined again until the day named."""

    department: str
    how: str
    at: str
    until: str


class EntryOut(BaseModel):
    """One subject."""

    code: str
    about: str = Field(alias="register")
    status: str
    marks: list[str]
    merged_from: list[str]
    confirmed: ConfirmedOut | None
    facts: list[FactOut]
    links: list[LinkOut]
    events: list[EventOut]
    verified: list[VerifiedOut]


class AnswerOut(BaseModel):
    """What leaves the door. A refusal comes as a problem with status 403 instead, with the same grounds."""

    outcome: Literal["same", "different", "partly", "found", "not_found", "ambiguous"]
    agreement: str
    grounds: list[GroundOut]
    compared: dict[str, str] = Field(description="For verify: claim → same, different, missing or not_granted.")
    refused_fields: list[str] = Field(description="Fields asked for that the agreement does not grant.")
    entries: list[EntryOut]
    next_cursor: str
    lines: list[str] = Field(description="The ids of the ledger lines written for this answer, one a subject.")


class PushIn(Strict):
    """Records pushed one batch at a time, with the columns of the resource's file."""

    rows: list[dict[str, str | None]] = Field(min_length=1, max_length=500)


class RowProblem(BaseModel):
    """Why a pushed row waits."""

    row: int
    column: str
    reason: str
    message: str


class ReceiptOut(BaseModel):
    """What became of the rows."""

    delivery: str
    already_received: bool = Field(description="True when just these rows came before: nothing was done again.")
    accepted: int
    rejected: int
    codes: list[str] = Field(description="The permanent codes the rows speak of.")
    changed: list[str] = Field(description="Those whose entries are different now.")
    problems: list[RowProblem] = Field(description="Each row that waits in quarantine.")
    line: str = Field(description="The ledger line of this push.")


class ChangeOut(BaseModel):
    """One change of the registers: that something changed, not what it is now. Ask for it with your own rights."""

    seq: int
    at: str
    code: str
    about: str = Field(alias="register")
    what: str


class ChangesOut(BaseModel):
    """Changes after a sequence number; ask again with `since` = `next`."""

    changes: list[ChangeOut]
    next: int


class PointOut(BaseModel):
    """One open point of a department in sharing."""

    code: str
    article: str
    number: int
    of: int
    zh: str
    en: str


class ComplianceOut(BaseModel):
    """Whether a department meets the duties of sharing."""

    department: str
    title: str
    meets: bool
    resources: int
    points: list[PointOut]


class PurposeOut(BaseModel):
    """A purpose for which register data may be read."""

    code: str
    title_zh: str
    title_en: str
    plain_zh: str
    plain_en: str
    basis: str
    department: str


class EntitlementOut(BaseModel):
    """What one agreement lets this key ask, and whether it stands today."""

    agreement: str
    state: str = Field(description="in_force, or the word for what is missing.")
    purpose: str
    about: str = Field(alias="register")
    operations: list[str]
    fields: dict[str, str] = Field(description="Field → mask (plain: shown whole).")
    claims: list[str]
    unmask: list[str]
    links: dict[str, str]
    events: list[str] = Field(description="Kinds of events that come with a subject.")
    keys: list[str]
    jurisdiction: list[str]
    reason_required: bool
    consent: bool
    per_day: int
    per_minute: int
    per_call: int
    basis: str
    version: int = Field(description="Of an agreement that was negotiated; 0 for one installed with its pack.")
    where: list[str] = Field(description="Conditions on the rows, all of which must hold.")
    valid_from: str
    valid_to: str


def entitlement_json(one: Entitlement) -> dict[str, object]:
    """An entitlement as the API gives it."""
    return {
        "agreement": one.agreement,
        "state": one.state,
        "purpose": one.purpose,
        "register": one.register,
        "operations": list(one.operations),
        "fields": dict(one.fields),
        "claims": list(one.claims),
        "unmask": list(one.unmask),
        "links": dict(one.links),
        "events": list(one.events),
        "keys": list(one.keys),
        "jurisdiction": list(one.jurisdiction),
        "reason_required": one.reason_required,
        "consent": one.consent,
        **asdict(one.quota),
        "basis": one.basis,
        "version": one.version,
        "where": list(one.where),
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
    }


def ground_json(ground: Ground) -> dict[str, str]:
    """A ground as the API gives it."""
    return {"code": ground.code, "field": ground.field, "zh": ground.zh, "en": ground.en, "rule": ground.rule}


def entry_json(entry: SharedEntry) -> dict[str, object]:
    """A subject as the API gives it."""
    return {
        "code": entry.code,
        "register": entry.register,
        "status": entry.status,
        "marks": list(entry.marks),
        "merged_from": list(entry.merged_from),
        "confirmed": asdict(entry.confirmed) if entry.confirmed else None,
        "facts": [
            {
                "field": fact.field,
                "value": fact.value,
                "masked": fact.masked,
                "source": fact.source,
                "department": fact.department,
                "delivery": fact.delivery,
                "as_of": fact.as_of,
                "conflict": fact.conflict,
                "marks": list(fact.marks),
            }
            for fact in entry.facts
        ],
        "links": [
            {
                "type": link.type,
                "direction": link.direction,
                "code": link.code,
                "register": link.register,
                "label": link.label,
                "since": link.since,
                "until": link.until,
                "source": link.source,
                "department": link.department,
            }
            for link in entry.links
        ],
        "events": [asdict(event) for event in entry.events],
        "verified": [asdict(one) for one in entry.verified],
    }


def answer_json(answer: Answer, lines: tuple[str, ...] | None = None) -> dict[str, object]:
    """An answer as the API gives it; `lines` are the ids a group commit gave."""
    return {
        "outcome": answer.outcome,
        "agreement": answer.decision.agreement,
        "grounds": [ground_json(ground) for ground in answer.grounds],
        "compared": dict(answer.compared),
        "refused_fields": list(answer.decision.refused_fields),
        "entries": [entry_json(entry) for entry in answer.entries],
        "next_cursor": answer.next_cursor,
        "lines": list(answer.lines if lines is None else lines),
    }
