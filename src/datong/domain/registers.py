"""What the three registers hold: their fields, the relations between them, and the words a source may use.

Packs are checked against these lists; a name that is not here cannot reach a register.
"""

from __future__ import annotations

PERSON_FIELDS = (
    "citizen_id",
    "name",
    "former_name",
    "sex",
    "birth_date",
    "death_date",
    "ethnicity",
    "phone",
    "address",
    "registered_address",
    "education",
    "workplace",
    "marital_status",
    "household_no",
    "disability_level",
    "allowance",
    "insurance_no",
    "housing_fund_no",
    "plate",
    "account_no",
    "school",
)

ORGANISATION_FIELDS = (
    "credit_code",
    "registration_no",
    "org_name",
    "former_name",
    "org_type",
    "founded_on",
    "closed_on",
    "status",
    "registered_capital",
    "business_scope",
    "industry",
    "registered_address",
    "operating_address",
    "legal_representative",
    "legal_representative_id",
    "phone",
    "employees",
    "tax_status",
    "insurance_status",
    "account_no",
)

PREMISES_FIELDS = (
    "address",
    "standard_address",
    "title_unit_no",
    "certificate_no",
    "area",
    "use",
    "structure",
    "floor",
    "built_year",
    "longitude",
    "latitude",
    "division",
    "street",
    "community",
    "estate",
    "building",
    "entrance",
    "room",
    "account_no",
    "grid_cell",
    "owner_name",
    "contact",
)

TREE_FIELDS = ("road", "road_no", "phase", "village", "group", "house_no", "place_change", "place_changed_on")
"""Address parts, and changes of them, that only a source which builds the premises tree gives, beside PREMISES_FIELDS."""

CHANGE_FIELDS = ("place_change", "place_changed_on")
"""What became of a place, and on which day."""

PLACE_CHANGES = ("renamed", "renumbered", "split", "merged", "demolished", "new")
"""What may become of a place; the codes of the field `place_change`."""

SIGN_FIELDS = ("taxed_until", "used_in", "used_amount")
"""What a record may say of whether somebody works or lives there. The registers keep the last sign, not every payment and reading."""

EVENT_FIELDS = ("event_no", "event_on", "event_until", "event_item", "event_result", "event_amount")
"""What a record of something done or reported (an inspection, a penalty, a permit, a complaint) says beside who and where: its number,
its day, its end, what it was about, how it ended, how much. Events stay with their records; no entry's facts are made of them."""

REGISTER_FIELDS: dict[str, tuple[str, ...]] = {
    "person": PERSON_FIELDS,
    "organisation": (*ORGANISATION_FIELDS, "taxed_until"),
    "premises": (*PREMISES_FIELDS, *TREE_FIELDS, "used_in", "used_amount"),
}

RELATION_TYPES = (
    "owns",
    "rents",
    "lives_at",
    "household_registered_at",
    "registered_at",
    "operates_at",
    "legal_representative_of",
    "works_for",
    "married_to",
    "child_of",
    "ward_of",
    "account_holder_at",
    "studies_at",
)

COLUMN_TYPES = (
    "text",
    "name",
    "org_name",
    "citizen_id",
    "credit_code",
    "registration_no",
    "title_unit",
    "phone",
    "plate",
    "date",
    "amount",
    "integer",
    "code",
    "address",
    "flag",
)

PRECEDENCE_CLASSES = ("authority", "official", "reported", "collected")
"""How much a source's word weighs where precedence.yml names no order for a field; the first weighs most."""

DELIVERY_MODES = ("full", "changes", "append")
UPDATE_CYCLES = ("realtime", "daily", "weekly", "monthly", "quarterly", "yearly")
SHARING_CLASSES = ("open", "conditional", "withheld")
DATA_LEVELS = (1, 2, 3, 4)
FORMAT_KINDS = ("csv", "xlsx", "jsonl", "fixed", "parquet", "table")
