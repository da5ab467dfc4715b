"""One sign-in for other services of the city (OpenID Connect), and their systems opened from a counter with a case's context."""

from datong.web.identity import doors
from datong.web.identity.flow import Asked, Wanted, agree, agreed, ask, exchange, refuse, told, used_as, waiting, withdraw
from datong.web.identity.keys import discovery, jwks
from datong.web.identity.opening import Ticket, counter_url, ticket_url
from datong.web.identity.services import (
    NewService,
    OidcError,
    Service,
    add_service,
    end_service,
    services,
    services_for_counter,
    services_of,
)

__all__ = [
    "Asked",
    "NewService",
    "OidcError",
    "Service",
    "Ticket",
    "Wanted",
    "add_service",
    "agree",
    "agreed",
    "ask",
    "counter_url",
    "discovery",
    "doors",
    "end_service",
    "exchange",
    "jwks",
    "refuse",
    "services",
    "services_for_counter",
    "services_of",
    "ticket_url",
    "told",
    "used_as",
    "waiting",
    "withdraw",
]
