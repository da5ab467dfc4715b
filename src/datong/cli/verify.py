"""`datong verify`: compare claims with the registers, for a purpose. No value leaves, only same or different and why."""

from __future__ import annotations

import typer

from datong import share
from datong.cli.home import Home
from datong.cli.key import AS, PURPOSE, actor_for, console, open_door, show_grounds, show_outcome
from datong.domain.access import Question, Reason
from datong.domain.errors import BadValue

app = typer.Typer(add_completion=False, help="Compare claims with the registers, for a purpose.")


@app.command()
def verify(
    value: str = typer.Argument(..., help="The key of whom or what is claimed about: a code, number, pass or address."),
    claims: list[str] = typer.Argument(..., help="Claims as field=value, for example owner_name=… or applicant_citizen_id=…"),
    *,
    purpose: str = PURPOSE,
    whom: str = AS,
    reason: str = typer.Option("", help="The case or task, or the reason in words."),
    home: Home = None,
) -> None:
    """Compare each claim; exit code 1 when refused, 3 when not all is the same."""
    key = share.read_key(value)
    why = Reason("case", reference=reason, text=reason) if reason else Reason()
    question = Question(purpose, "verify", share.register_of(key), key, claims=tuple(_claim(one) for one in claims), reason=why)
    with open_door(home) as door:
        answer = share.ask(door.session, actor_for(door, whom), question, now=door.now)
    for claim, outcome in answer.compared:
        console.print(f"{share.field_words(claim)[0]}  {claim}: {outcome}", highlight=False, markup=False)
    show_grounds(answer.grounds)
    show_outcome(answer, len(answer.lines))
    if answer.outcome != "same":
        raise typer.Exit(3)


def _claim(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name.strip():
        raise BadValue("claim", "is not field=value", "write for example owner_name=张三")
    return name.strip(), value.strip()
