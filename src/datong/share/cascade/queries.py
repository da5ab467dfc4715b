"""All SQL of the cascade."""

from __future__ import annotations

_OFFER = "SELECT code, title, provider, sharing_class, condition, cycle, basis, items, state FROM cascade_offer"
OFFERS = _OFFER + " WHERE state = 'offered' ORDER BY code"
OFFER = _OFFER + " WHERE code = :code AND state = 'offered'"
WITHDRAW_OFFERS = "UPDATE cascade_offer SET state = 'withdrawn'"
PUT_OFFER = """INSERT INTO cascade_offer (code, title, provider, sharing_class, condition, cycle, basis, items, state, imported_at)
VALUES (:code, :title, :provider, :sharing_class, :condition, :cycle, :basis, :items, 'offered', :at)
ON CONFLICT (code) DO UPDATE SET title = excluded.title, provider = excluded.provider, sharing_class = excluded.sharing_class,
condition = excluded.condition, cycle = excluded.cycle, basis = excluded.basis, items = excluded.items, state = 'offered',
imported_at = excluded.imported_at"""
_REQUEST = """SELECT request_id, code, department, purpose, items, why, state, number, answer, asked_by, asked_at, answered_at, due_at,
attempts, error FROM cascade_request"""
REQUESTS = _REQUEST + " WHERE (:department = '' OR department = :department) ORDER BY asked_at DESC, request_id DESC LIMIT 200"
DUE = _REQUEST + " WHERE state IN ('waiting', 'sent') AND due_at <= :at ORDER BY due_at, request_id LIMIT 50"
LIVE = (
    _REQUEST
    + """ WHERE code = :code AND department = :department AND purpose = :purpose AND state IN ('waiting', 'sent', 'agreed')
ORDER BY asked_at DESC"""
)
ADD = """INSERT INTO cascade_request (request_id, code, department, purpose, items, why, state, number, answer, asked_by, asked_at,
answered_at, due_at, attempts, error) VALUES (:request_id, :code, :department, :purpose, :items, :why, 'waiting', '', '', :by, :at, '', :at,
0, '')"""
SENT = """UPDATE cascade_request SET state = 'sent', number = :number, due_at = :due, attempts = 0, error = ''
WHERE request_id = :request_id AND state = 'waiting'"""
ANSWERED = """UPDATE cascade_request SET state = :state, items = :items, answer = :answer, answered_at = :at, attempts = 0, error = ''
WHERE request_id = :request_id AND state = 'sent'"""
LATER = "UPDATE cascade_request SET due_at = :due, attempts = :attempts, error = :error WHERE request_id = :request_id"
