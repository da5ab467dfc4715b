"""Every setting: name, default, help. Read once, frozen, passed in.

A setting comes from the environment (`DATONG_` and the name in capitals), else from `datong.toml` in
the city's home folder, else from its default here.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from datong.domain.errors import BadSettings


@dataclass(frozen=True)
class Setting:
    """One setting as the reference page shows it."""

    name: str
    default: str
    help: str


SANDBOX = "sandbox."
"""How the origin of a sandbox begins. A ledger keeps its origin for ever, so a sandbox never becomes a city, nor a city a sandbox."""

SETTINGS = (
    Setting("home", "var/city", "Folder of the city: store, lake, raw deliveries, keys."),
    Setting("store", "", "Operational store; empty is SQLite in the home folder, or postgresql://user@host/name."),
    Setting("packs", "", "Folder of the city's packs; empty is the packs that come with datong."),
    Setting("host", "127.0.0.1", "Address the web server listens on."),
    Setting("port", "8000", "Port the web server listens on."),
    Setting("city", "淄博高新区", "Name of the city, on every page."),
    Setting("division", "3703", "Division-code prefix of the city."),
    Setting("origin", "datong.example/city", "Origin line of the city's ledger; fixed for ever once the first line is written."),
    Setting("language", "zh", "First language of the pages: zh or en."),
    Setting("demo", "0", "1 for a demonstration city: sign-in page lists the demonstration accounts."),
    Setting("secure_cookies", "0", "1 behind HTTPS: cookies are sent over HTTPS only."),
    Setting("memory", "4GB", "Memory limit of set-wise work (DuckDB syntax)."),
    Setting("threads", "2", "Threads of set-wise work."),
    Setting("session_minutes", "30", "Idle minutes after which a signed-in user must sign in again."),
    Setting("lockout_failures", "5", "Failed sign-ins in a row before an account rests."),
    Setting("lockout_minutes", "15", "Minutes an account rests after too many failed sign-ins."),
    Setting("rate_per_minute", "600", "Requests a minute from one address or key before it is told to wait."),
    Setting(
        "review_double_percent",
        "5",
        "Of a hundred pairs that wait for review, how many two reviewers judge without seeing each other's verdict.",
    ),
    Setting(
        "review_undo_days",
        "30",
        "Days within which a reviewer's judgement can be undone by a button; a new judgement of any age outranks it.",
    ),
    Setting("province_url", "", "Where the provincial platform answers; empty: none is joined."),
    Setting(
        "ledger_policy",
        "",
        "Policy file that names the ledger's witnesses and how many must cosign; empty is ledger.policy in the home folder, if there.",
    ),
    Setting(
        "webhook_inward", "0", "1 where webhooks go to receivers in the city's own network: their names may lead to private addresses."
    ),
    Setting("review_claim_minutes", "15", "Minutes for which a pair that a reviewer opened is kept for her."),
    Setting(
        "scanner",
        "",
        "Virus scanner that looks through files people send: unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310 (clamd); empty: none.",
    ),
    Setting(
        "money_line",
        "",
        "The line from treasury to bank: an address, or simulated; empty: steps of money wait for people.",
    ),
    Setting("night_from", "1", "Hour of the city's day from which the worker tests again who was granted something on conditions."),
    Setting("night_until", "6", "Hour at which it stops; what is left goes on the next night."),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one run. Paths are absolute."""

    home: Path
    store: str
    packs: Path
    host: str
    port: int
    city: str
    division: str
    origin: str
    language: str
    demo: bool
    secure_cookies: bool
    memory: str
    threads: int
    session_minutes: int
    lockout_failures: int
    lockout_minutes: int
    rate_per_minute: int
    review_double_percent: int
    review_undo_days: int
    review_claim_minutes: int
    webhook_inward: bool = False
    money_line: str = ""
    night_from: int = 1
    night_until: int = 6
    ledger_policy: Path | None = None
    province_url: str = ""
    scanner: str = ""

    @property
    def sandbox(self) -> bool:
        """Whether this is a city of invented people for other systems to try their calls on."""
        return self.origin.startswith(SANDBOX)


def load_settings(home: Path | str | None = None, environ: Mapping[str, str] | None = None, **given: str) -> Settings:
    """Read the settings once. `home` and `given` win over the environment, which wins over the file."""
    environment = os.environ if environ is None else environ
    values = {setting.name: setting.default for setting in SETTINGS}
    chosen_home = str(home or environment.get("DATONG_HOME") or values["home"])
    values.update(_from_file(Path(chosen_home) / "datong.toml"))
    for setting in SETTINGS:
        if (value := environment.get("DATONG_" + setting.name.upper())) is not None:
            values[setting.name] = value
    values.update(given)
    values["home"] = chosen_home
    return _frozen(values)


def packs_folder() -> Path:
    """The packs that come with datong: inside the wheel, or beside the source in a checkout."""
    inside = Path(__file__).parent / "_packs"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "packs"


def _from_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path.name}: not valid TOML: {error}") from error
    known = {setting.name for setting in SETTINGS}
    if unknown := sorted(set(found) - known):
        raise BadSettings(f"{path.name}: unknown setting {unknown[0]}; known are {', '.join(sorted(known))}")
    return {name: str(value) for name, value in found.items()}


def _frozen(values: dict[str, str]) -> Settings:
    return Settings(
        home=Path(values["home"]).absolute(),
        store=values["store"],
        packs=Path(values["packs"]).absolute() if values["packs"] else packs_folder(),
        host=values["host"],
        port=_number(values, "port"),
        city=values["city"],
        division=values["division"],
        origin=values["origin"],
        province_url=values["province_url"],
        language=_language(values["language"]),
        demo=_yes(values["demo"]),
        secure_cookies=_yes(values["secure_cookies"]),
        memory=values["memory"],
        threads=_number(values, "threads"),
        session_minutes=_number(values, "session_minutes"),
        lockout_failures=_number(values, "lockout_failures"),
        lockout_minutes=_number(values, "lockout_minutes"),
        rate_per_minute=_number(values, "rate_per_minute"),
        review_double_percent=_number(values, "review_double_percent"),
        review_undo_days=_number(values, "review_undo_days"),
        review_claim_minutes=_number(values, "review_claim_minutes"),
        webhook_inward=values["webhook_inward"] == "1",
        money_line=values["money_line"],
        night_from=_number(values, "night_from"),
        night_until=_number(values, "night_until"),
        ledger_policy=Path(values["ledger_policy"]).absolute() if values["ledger_policy"] else None,
        scanner=_scanner(values["scanner"]),
    )


def _number(values: dict[str, str], name: str) -> int:
    try:
        return int(values[name])
    except ValueError:
        raise BadSettings(f"{name}: {values[name]!r} is not a whole number") from None


def _language(value: str) -> str:
    if value not in ("zh", "en"):
        raise BadSettings(f"language: {value!r} is not known; write zh or en")
    return value


def _scanner(value: str) -> str:
    host, _, port = value.removeprefix("tcp:").rpartition(":")
    sound = not value or (value.startswith("unix:/") and len(value) > 6) or (value.startswith("tcp:") and host and port.isdecimal())
    if not sound:
        raise BadSettings(f"scanner: {value!r} is not known; write unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310")
    return value


def _yes(value: str) -> bool:
    return value.lower() in ("1", "true", "yes", "on")


def write_secret(path: Path, content: bytes) -> None:
    """A new file that only its keeper can read, durable, whole or not at all; what is there already is kept (FileExistsError)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    finally:
        beside.unlink()


def keep_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret in a file, made on first use; when two processes make one, the first stays."""
    if not path.is_file():
        with suppress(FileExistsError):
            write_secret(path, make())
    return path.read_bytes()
