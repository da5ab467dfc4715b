"""The catalogue of what departments share: found, entered, reviewed, published, followed to its use, and asked for where it lacks."""

from datong.share.catalogue.bring import bring_in, is_brought_in
from datong.share.catalogue.dcat import to_dcat
from datong.share.catalogue.demand import (
    STATES as DEMAND_STATES,
)
from datong.share.catalogue.demand import (
    Demand,
    Want,
    Wanted,
    count_refusals,
    demands,
    enter_demand,
    export_demand,
    register_of_demand,
    settle_demand,
)
from datong.share.catalogue.enter import Entered, enter, enter_system
from datong.share.catalogue.files import FORMS, MEDIA, Cast, csv_text, read, write
from datong.share.catalogue.find import FILTERS, Found, Opened, count_conflicts, find, in_conflict, may_edit, open_item, systems
from datong.share.catalogue.item import Basis, Change, Fault, Field, Resource, differences, words_of
from datong.share.catalogue.judge import Known, conflicts, judge
from datong.share.catalogue.lineage import Lineage, lineage
from datong.share.catalogue.papers import Obtainable, asked_again, check_packs, export_papers, papers
from datong.share.catalogue.rules import Paper, Rules, read_rules
from datong.share.catalogue.steps import (
    Clock,
    assess,
    clocks_of,
    extend,
    give_back,
    publish,
    require_update,
    running_clocks,
    sign,
    withdraw,
)
from datong.share.catalogue.store_item import Entry, published_resource, rules_of
from datong.share.catalogue.take_in import Imported, export, take_in
from datong.share.freshness import Freshness

__all__ = [
    "DEMAND_STATES",
    "FILTERS",
    "FORMS",
    "MEDIA",
    "Basis",
    "Cast",
    "Change",
    "Clock",
    "Demand",
    "Entered",
    "Entry",
    "Fault",
    "Field",
    "Found",
    "Freshness",
    "Imported",
    "Known",
    "Lineage",
    "Obtainable",
    "Opened",
    "Paper",
    "Resource",
    "Rules",
    "Want",
    "Wanted",
    "asked_again",
    "assess",
    "bring_in",
    "check_packs",
    "clocks_of",
    "conflicts",
    "count_conflicts",
    "count_refusals",
    "csv_text",
    "demands",
    "differences",
    "enter",
    "enter_demand",
    "enter_system",
    "export",
    "export_demand",
    "export_papers",
    "extend",
    "find",
    "give_back",
    "in_conflict",
    "is_brought_in",
    "judge",
    "lineage",
    "may_edit",
    "open_item",
    "papers",
    "publish",
    "published_resource",
    "read",
    "read_rules",
    "register_of_demand",
    "require_update",
    "rules_of",
    "running_clocks",
    "settle_demand",
    "sign",
    "systems",
    "take_in",
    "to_dcat",
    "withdraw",
    "words_of",
    "write",
]
