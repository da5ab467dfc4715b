"""What a service pack may say: an item of the catalogue, what it asks, who handles it by when, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

LEVELS = ("city", "district", "town", "village")
KINDS = ("ordinary", "one_thing", "instant")
APPLICANTS = ("person", "organisation")
FIELD_TYPES = ("text", "long_text", "number", "date", "choice", "yes_no", "citizen_id", "credit_code", "phone", "premises", "pass")
"""`premises` is any key of a home (permanent code, title unit number); `pass` is what its owner's QR holds."""
LIFE_EVENTS = ("birth", "school", "work", "business", "home", "family", "illness", "hardship", "old_age", "death")
"""Where in people's lives an item belongs, for those who do not know what it is called."""
ADULT, ADULTS = "adult", "adults"
GIVES, TOWARDS = ("", "count", "name", ADULT, ADULTS), ("any", "out", "in")
ANY, SUM = "any", "sum"
"""How an input names several facts: `any.x_*` is the first that is known (of yes and no, whether any is yes), `sum.x_*` their sum."""
FOUND = "fact."
"""How a key or a seat names the one that a fact led to."""
ON_REFUSAL = ("stop", "continue")
LINES = ("", "money")
AT_END = ("overdue", "agree", "silent")
"""What becomes of a task whose statutory time has passed: it is overdue, the law deems it agreed, or it ends unanswered and shown so."""
AGAIN = ("", "night")


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Condition:
    """Who may apply: a condition in words, with the article it comes from."""

    words: Words
    reference: str = ""


@dataclass(frozen=True)
class Material:
    """Something the item needs to know. With `paper` or `fact` sharing gives it and nobody may be asked for it."""

    code: str
    title: Words
    paper: str = ""
    """A paper of the catalogue's list of what may not be asked again."""
    fact: str = ""
    """The fact of this service that gives it."""


@dataclass(frozen=True)
class Document:
    """A paper people hand in because no department can give it; `because` names the law that wants the original."""

    code: str
    title: Words
    because: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Fee:
    """What the item costs; `amount` in yuan as written."""

    title: Words
    amount: str
    reference: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer to a question about the situation."""

    code: str
    title: Words


@dataclass(frozen=True)
class SituationQuestion:
    """A question that decides which tasks the case has. Skipped when the fact `known` already answers it."""

    code: str
    title: Words
    answers: tuple[Answer, ...]
    known: str = ""
    answered_by: Mapping[str, str] = field(default_factory=dict)
    """For a known fact: its value → the answer; a value without one is the answer itself, "*" is any other value."""


@dataclass(frozen=True)
class FormField:
    """One field of the form. `fact` fills it; `when` (question → answer) says in which situations it is asked."""

    code: str
    title: Words
    type: str = "text"
    required: bool = True
    most: int = 200
    fact: str = ""
    when: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Answer, ...] = ()
    hint: Words = field(default_factory=Words)


@dataclass(frozen=True)
class Fact:
    """What is asked through sharing: `field` of the subject found by `key`, or whether `claims` hold of it.

    `key` is how the subject is found: `applicant` (by the key her case was begun with), the name of a form field, or `fact.x`, the one
    that another fact led to; `key_type` says what is written in a field ("any": a code, a number, a pass or an address, as it reads).
    What is asked about another person waits until she has confirmed in her seat.
    """

    code: str
    title: Words
    register: str
    key: str
    key_type: str = "code"
    claims: Mapping[str, str] = field(default_factory=dict)
    """Claim → what it is compared with: a form field, or `applicant.citizen_id`, which another fact about her says."""
    link: str = ""
    """Instead of a field: whether a live relation of this type exists ("yes" or "no")."""
    field: str = ""
    to: str = ""
    """With `link`: the fact whose subject it must lead to. From her it is found by `key`: a child of …, an owner of …; who are
    married are married to one another."""
    gives: str = ""
    """With `link`: "count" is how many there are, "name" whom the only one leads to; empty is "yes" or "no". "adult" leads to the next
    grown-up of the applicant's own household, "adults" is how many of them there are (`household:`)."""
    event: str = ""
    """Instead of a field: the events of this kind, newest first; the value is how many."""
    towards: str = "any"
    """With `link`: "out" counts those that go out from the subject, "in" those that lead to it."""

    @property
    def is_of_another(self) -> bool:
        """Whether it would tell something of a person who is not the applicant: more than that a name and a number belong together,
        and more than her tie to the applicant."""
        return self.register == "person" and self.key != "applicant" and not self.claims and not self.to


@dataclass(frozen=True)
class TaskSpec:
    """One department's part, with its own clock. `undo` is what must be done when the whole fails after this was agreed."""

    code: str
    title: Words
    department: str
    days: int
    """Statutory working days."""
    promised: int
    """Working days the department promises; at most `days`."""
    stage: int = 0
    when: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()
    """Form fields, documents and facts (`fact.x`, `*` for several) this department may see; nothing else is shown to it."""
    undo: Words = field(default_factory=Words)
    undo_days: int = 5
    optional: bool = False
    """Its refusal does not sink the whole: the result is without this part."""
    at_end: str = "overdue"
    reference: str = ""
    line: str = ""
    """Done by another system's line instead of a person: "money" is the one from treasury to bank."""
    unless_confirmed: str = ""
    """A fact of premises: while they stand confirmed, this task is not done again, and the timeline says why."""


@dataclass(frozen=True)
class StageSpec:
    """A stage: its tasks run side by side; the next begins when they are done. `joint`: each sees the others' opinions."""

    code: str
    title: Words
    tasks: tuple[TaskSpec, ...]
    joint: bool = False


@dataclass(frozen=True)
class SeatSpec:
    """A party that confirms at her own time. `who` is the form field with her number, or `fact.x` that led to her; empty when a
    code is handed over."""

    code: str
    title: Words
    consequence: Words
    who: str = ""
    when: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    lead: bool = False
    """Her refusal is a sign of fraud: it raises a lead with the supervising department."""
    if_any: bool = False
    """The seat stands only when `who` led to somebody."""


@dataclass(frozen=True)
class Confirming:
    """How many of the seats must confirm, and within how many working days; `ordered` one after the other."""

    seats: tuple[SeatSpec, ...] = ()
    need: int = 0
    """0 means all."""
    days: int = 15


@dataclass(frozen=True)
class Deciding:
    """The decision by rules: the file beside service.yml, the decision's name, its inputs, and which outcomes favour the applicant."""

    rules: str = ""
    name: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Input of the rules → `form.x`, `fact.x`, `outcome.x` (how asking for a fact went), `answer.x` or `applicant.x`."""
    favourable: tuple[str, ...] = ()
    sample_of: int = 50
    """One case in so many is examined again by a person; 0 is none."""
    officers: str = ""
    """The task an unfavourable or doubtful outcome goes to."""
    may_lack: tuple[str, ...] = ()
    """Inputs whose absence is itself an answer (nobody is dead without a date); any other that is not known sends the case to a person."""
    again: str = ""
    """"night": everybody who was granted it is tested again every night; what is another verdict then is a person's to look at."""
    again_days: int = 10
    """Working days within which she looks."""
    again_reference: str = ""
    down_minutes: int = 0
    """A source that is down is asked again after so many minutes, then after twice as many, and so on; 0: an officer has it at once."""
    down_hours: int = 24
    """For so many hours at most; then an officer decides on papers."""


@dataclass(frozen=True)
class Household:
    """Whose word is asked beside the applicant's: every adult registered in the same household, found by the fact that leads to the
    registered home and the one that says the household's number; those to whom `but` leads have a seat of their own."""

    home: str
    number: str
    but: tuple[str, ...] = ()
    most: int = 6


@dataclass(frozen=True)
class Unit:
    """One of the units whose data an item rests on: what it answers, by the facts it gives through sharing or by the task that asks it."""

    code: str
    department: str
    answers: Words
    facts: tuple[str, ...] = ()
    """Facts of the item, `*` for several."""
    task: str = ""
    reference: str = ""


@dataclass(frozen=True)
class FiledSpec:
    """What was sold, by a fact that lists events, compared with the cases of another item: by which of its fields, whose contract's
    number it names; `place`: fields of the form that a sold home's place must name to be of this application; `holds`: the task that
    is not agreed before everything is filed."""

    sold: str
    item: str
    by: str
    place: tuple[str, ...]
    holds: str


@dataclass(frozen=True)
class Places:
    """So many places and perhaps more who want one: who of those whom the rules found entitled is given one, in one order for all."""

    by: str
    """The form field that says where somebody wants a place."""
    task: str
    """The department's task that ends when a place is given."""
    outcomes: tuple[str, ...]
    """Outcomes of the decision that take part."""
    order: tuple[str, ...]
    """Results of the decision, the highest first; whoever is equal is ordered by the draw."""
    places: Mapping[str, int]
    """Choice of the field → places."""
    reference: str = ""


@dataclass(frozen=True)
class LicenceSpec:
    """A licence that comes of the case: when `task` was agreed (empty: whenever it is granted). `holder` is the applicant, or the
    subject of a fact. `parts`: it holds the case's other licences together."""

    type: str
    task: str = ""
    holder: str = "applicant"
    facts: Mapping[str, str] = field(default_factory=dict)
    """What it states → where that comes from, as in `Deciding.inputs`, or `text:` and the words themselves."""
    parts: bool = False


@dataclass(frozen=True)
class Service:
    """One item or "one thing", as a pack says it. `text` is the definition itself, canonical: what a case keeps."""

    code: str
    pack: str
    version: str
    title: Words
    kind: str
    applicant: str
    department: str
    levels: tuple[str, ...]
    purpose: str
    basis: str
    item_code: str = ""
    words: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    materials: tuple[Material, ...] = ()
    documents: tuple[Document, ...] = ()
    fees: tuple[Fee, ...] = ()
    results: tuple[Words, ...] = ()
    days: int = 20
    promised: int = 20
    days_reference: str = ""
    hours: int = 0
    """Hours of the day, nights and weekends counted, within which the whole is promised; 0 is none."""
    accept_days: int = 5
    supplement_days: int = 15
    facts: tuple[Fact, ...] = ()
    questions: tuple[SituationQuestion, ...] = ()
    form: tuple[FormField, ...] = ()
    confirming: Confirming = field(default_factory=Confirming)
    stages: tuple[StageSpec, ...] = ()
    on_refusal: str = "stop"
    at_least: int = 0
    """How many tasks that are not optional must agree; 0 means all."""
    deciding: Deciding | None = None
    licences: tuple[LicenceSpec, ...] = ()
    allocation: Places | None = None
    household: Household | None = None
    filed: FiledSpec | None = None
    units: tuple[Unit, ...] = ()
    saved: Mapping[str, int] = field(default_factory=dict)
    """What going from counter to counter took: visits, papers, fees in fen, days."""
    life: tuple[str, ...] = ()
    """Of LIFE_EVENTS."""
    text: str = ""
    digest: str = ""

    @cached_property
    def tasks(self) -> tuple[TaskSpec, ...]:
        """Every department's part, in order."""
        return tuple(task for stage in self.stages for task in stage.tasks)

    @cached_property
    def fields(self) -> Mapping[str, FormField]:
        """The fields of the form, by code."""
        return {one.code: one for one in self.form}

    @cached_property
    def counted(self) -> frozenset[str]:
        """The facts whose value is how many."""
        return frozenset(one.code for one in self.facts if one.gives in ("count", ADULTS))

    @property
    def online(self) -> bool:
        """Whether a case can be begun: it has somebody to handle it. Others stand in the catalogue with their guide."""
        return bool(self.stages) or self.deciding is not None
