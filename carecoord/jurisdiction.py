"""Who runs the service, which law applies, whom to call, and when confidence ends.

The texts are data (`jurisdictions/us.toml`), so that another place needs a file and no
code. A file with a gap, an unknown word or a number that does not dial is refused at
start with one sentence.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from django.core.exceptions import ImproperlyConfigured

from carecoord import environment as env

FOLDER = Path(__file__).resolve().parent / "jurisdictions"

# The exceptions to confidentiality that no jurisdiction may leave unsaid (S65).
REQUIRED_LIMITS = frozenset(
    {"harm_to_self", "harm_to_others", "child_abuse", "minors", "court", "emergency"}
)
# The names of consents.codes.LABELS; a test compares them.
SENSITIVE = frozenset(
    {"substance_use", "sexual_reproductive", "hiv", "violence", "private"}
)
_DIALLABLE = re.compile(r"^(tel:\+?\d{3,15}|sms:\+?\d{3,15}(\?&body=\w+)?)$")
_SHORT_NUMBER = re.compile(r"^[\d +()-]{3,20}$")
# Its host becomes a source in the content policy: nothing that ends a source there.
_ELSEWHERE = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+/[a-z0-9/._-]*")

Made = TypeVar("Made")


@dataclass(frozen=True)
class CrisisLine:
    """One line to call or text. `href` dials a number that stands in `text`."""

    name: str
    text: str
    href: str
    lang: str


@dataclass(frozen=True)
class Crisis:
    """Whom to call now. `number` can be called and texted at any hour, free."""

    number: str
    name: str
    chat_url: str
    chat_name: str
    emergency: str
    advice: tuple[str, ...]
    lines: tuple[CrisisLine, ...]


@dataclass(frozen=True)
class Elsewhere:
    """The page of no interest that whoever leaves in a hurry is sent to."""

    address: str
    name: str

    @property
    def origin(self) -> str:
        return "/".join(self.address.split("/")[:3])


@dataclass(frozen=True)
class Limit:
    """One case in which others may be told. `rule`: the law, parts split by "; "."""

    key: str
    heading: str
    text: str
    rule: str


@dataclass(frozen=True)
class Limits:
    """The limits of confidentiality, as shown and acknowledged under a version."""

    version: str
    heading: str
    intro: str
    differs: str
    acknowledgement: str
    items: tuple[Limit, ...]

    @property
    def plain(self) -> str:
        """The whole text as shown, to be kept with the acknowledgement."""
        cases = [f"{item.heading}. {item.text}" for item in self.items]
        return "\n".join([self.heading, self.intro, *cases, self.differs])


@dataclass(frozen=True)
class Ground:
    """One legal ground for telling without consent. `part2`: "yes" or "no".

    `part2` says whether the ground reaches records of a Part 2 programme.
    """

    key: str
    name: str
    text: str
    rule: str
    part2: str

    @property
    def covers_part2(self) -> bool:
        return self.part2 == "yes"


@dataclass(frozen=True)
class Exceptional:
    """Telling without consent: what to do first, until when, on which grounds."""

    version: str
    call_first: str
    document_within_hours: int
    wait_at_most_days: int
    grounds: tuple[Ground, ...]

    def ground(self, key: str) -> Ground:
        """Raises KeyError for an unknown key."""
        return {each.key: each for each in self.grounds}[key]


@dataclass(frozen=True)
class Law:
    """The law in one name and in plain lines."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Outside:
    """A place to complain that is neither a clinician's nor the operator's."""

    name: str
    text: str
    reach: str


@dataclass(frozen=True)
class Complaints:
    """By when reports are answered and accountings made, and where else to turn."""

    answer_days: int
    accounting_days: int
    accounting_years: int
    part2_years: int
    oral_suspension_days: int
    outside: tuple[Outside, ...]


@dataclass(frozen=True)
class Operator:
    """Who runs this service and under which law; stands on every sign-up page."""

    name: str
    contact: str
    law: str
    country: str


@dataclass(frozen=True)
class OwnFrom:
    """From this age on, what carries the label is the child's own in that state."""

    state: str
    label: str
    age: int
    # Which law says so, for whoever checks it.
    rule: str


@dataclass(frozen=True)
class Jurisdiction:
    """Everything that depends on the place where the service is run."""

    code: str
    country: str
    language: str
    age_of_majority: int
    own_sign_in_from: int
    # "WA Washington": two letters, then the name.
    states: tuple[str, ...]
    confidential_from: tuple[OwnFrom, ...]
    law: Law
    operator: Operator
    elsewhere: Elsewhere
    crisis: Crisis
    limits: Limits
    complaints: Complaints
    exceptional: Exceptional

    @property
    def state_choices(self) -> list[tuple[str, str]]:
        """(two letters, name) of every state, by name."""
        return [(line[:2], line[3:]) for line in self.states]


def from_environment(*, embedded: bool) -> Jurisdiction:
    """The jurisdiction that the environment names.

    CARECOORD_JURISDICTION is a code ("us") or the path of a TOML file. OPERATOR_NAME
    and OPERATOR_CONTACT say who runs the service; production must set both.
    Raises ImproperlyConfigured with a sentence.
    """
    name, contact = env.text("OPERATOR_NAME"), env.text("OPERATOR_CONTACT")
    if not embedded and not (name and contact):
        raise ImproperlyConfigured(
            "OPERATOR_NAME and OPERATOR_CONTACT are required when DATABASE_URL is set: "
            "people must know who holds their records and how to reach them."
        )
    if bool(name) != bool(contact):
        raise ImproperlyConfigured("Set OPERATOR_NAME and OPERATOR_CONTACT together.")
    operator = {"name": name, "contact": contact} if name else None
    return load(env.text("CARECOORD_JURISDICTION") or "us", operator=operator)


def load(
    code_or_path: str, *, operator: Mapping[str, str] | None = None
) -> Jurisdiction:
    """Read and check one file. Raises ImproperlyConfigured with a sentence."""
    path = _path(code_or_path)
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except OSError as error:
        raise ImproperlyConfigured(f"There is no jurisdiction file {path}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{path} is not TOML: {error}") from error
    return from_table(table, operator=operator)


def _path(code_or_path: str) -> Path:
    if code_or_path.endswith(".toml"):
        return Path(code_or_path)
    if not re.fullmatch(r"[a-z]{2}(-[a-z]{2,3})?", code_or_path):
        raise ImproperlyConfigured(
            f"CARECOORD_JURISDICTION must be a code like us, or the path of a .toml "
            f"file, not {code_or_path!r}."
        )
    return FOLDER / f"{code_or_path}.toml"


def from_table(
    table: Mapping[str, Any], *, operator: Mapping[str, str] | None = None
) -> Jurisdiction:
    """The checked jurisdiction. Raises ImproperlyConfigured with a sentence."""
    filled = dict(table)
    law = filled.get("law")
    filled["operator"] = {
        **(operator or filled.get("operator") or {}),
        "law": law.get("name", "") if isinstance(law, Mapping) else "",
        "country": filled.get("country", ""),
    }
    result = _made(Jurisdiction, filled, where="the jurisdiction")
    if not _ELSEWHERE.fullmatch(result.elsewhere.address):
        raise ImproperlyConfigured("elsewhere: address must be like https://host/page.")
    _check_numbers(result.crisis)
    _check_limits(result.limits)
    _check_exceptional(result.exceptional)
    if not 16 <= result.age_of_majority <= 21:
        raise ImproperlyConfigured("age_of_majority must be from 16 to 21.")
    _check_ages(result)
    return result


def _made(cls: type[Made], table: Any, *, where: str) -> Made:
    """An instance of a dataclass from a table with exactly its keys."""
    if not isinstance(table, Mapping):
        raise ImproperlyConfigured(f"{where} must be a table.")
    hints = get_type_hints(cls)
    names = [field.name for field in fields(cls)]  # type: ignore[arg-type]
    if unknown := sorted(set(table) - set(names)):
        raise ImproperlyConfigured(f"{where} has an unknown key: {unknown[0]}.")
    if missing := [name for name in names if name not in table]:
        raise ImproperlyConfigured(f"{where} lacks {missing[0]}.")
    return cls(
        **{
            name: _value(hints[name], table[name], where=f"{where}: {name}")
            for name in names
        }
    )


def _value(kind: Any, value: Any, *, where: str) -> Any:
    if inner := [arg for arg in get_args(kind) if arg not in (Ellipsis, NoneType)]:
        return _values(inner[0], value, where=where)
    if kind is int:
        if type(value) is not int:
            raise ImproperlyConfigured(f"{where} must be a whole number.")
        return value
    if kind is str:
        if not isinstance(value, str) or not value.strip():
            raise ImproperlyConfigured(f"{where} must be a text that is not empty.")
        return value.strip()
    return _made(kind, value, where=where)


def _values(kind: Any, value: Any, *, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or not value:
        raise ImproperlyConfigured(f"{where} must be a list that is not empty.")
    return tuple(
        _value(kind, item, where=f"{where} {number}")
        for number, item in enumerate(value, start=1)
    )


def _check_numbers(crisis: Crisis) -> None:
    for number in (crisis.number, crisis.emergency):
        if not _SHORT_NUMBER.match(number):
            raise ImproperlyConfigured(f"{number!r} is not a number that dials.")
    if not crisis.chat_url.startswith("https://"):
        raise ImproperlyConfigured("crisis: chat_url must start with https://.")
    for line in crisis.lines:
        _check_line(line)


def _check_line(line: CrisisLine) -> None:
    if not _DIALLABLE.match(line.href):
        raise ImproperlyConfigured(f"{line.name}: {line.href!r} does not dial.")
    # A link that dials another number than the one shown could cost a life.
    dialled = "".join(re.findall(r"\d", line.href.split("?")[0]))
    if dialled not in re.sub(r"(?<=\d)[ ()-]+(?=\d)", "", line.text):
        raise ImproperlyConfigured(
            f"{line.name}: the link dials {dialled}, the text does not say so."
        )


def _check_ages(jurisdiction: Jurisdiction) -> None:
    rules = jurisdiction.confidential_from
    if not 10 <= jurisdiction.own_sign_in_from < jurisdiction.age_of_majority:
        raise ImproperlyConfigured("own_sign_in_from is out of range.")
    known = {line[:2] for line in jurisdiction.states}
    if len(known) < len(jurisdiction.states):
        raise ImproperlyConfigured("states: one stands twice.")
    for line in jurisdiction.states:
        if not re.fullmatch(r"[A-Z]{2} \S.*", line):
            raise ImproperlyConfigured(f"states: {line!r} is not like 'WA Washington'.")
    for rule in rules:
        if not re.fullmatch(r"[A-Z]{2}|\*", rule.state):
            raise ImproperlyConfigured(f"confidential_from: {rule.state} is no state.")
        if rule.state not in known | {"*"}:
            raise ImproperlyConfigured(f"confidential_from: {rule.state} is not known.")
        if rule.label not in SENSITIVE:
            raise ImproperlyConfigured(f"confidential_from: no label {rule.label}.")
        if not 10 <= rule.age < jurisdiction.age_of_majority:
            raise ImproperlyConfigured("confidential_from: an age is out of range.")
    # A state without rows, or a child whose state is not known, must be held by some.
    if {rule.label for rule in rules if rule.state == "*"} != SENSITIVE:
        raise ImproperlyConfigured("confidential_from: * must name every label.")


def _check_limits(limits: Limits) -> None:
    keys = [item.key for item in limits.items]
    if len(keys) != len(set(keys)):
        raise ImproperlyConfigured("limits: a key stands twice.")
    if missing := sorted(REQUIRED_LIMITS - set(keys)):
        raise ImproperlyConfigured(f"limits: {missing[0]} is not said.")
    if not re.fullmatch(r"[a-z-]+-\d{4}-\d{2}(-\d{2})?", limits.version):
        raise ImproperlyConfigured(
            "limits: version must look like us-limits-2026-11 or us-limits-2026-11-27."
        )


def _check_exceptional(exceptional: Exceptional) -> None:
    keys = [ground.key for ground in exceptional.grounds]
    if len(keys) != len(set(keys)):
        raise ImproperlyConfigured("exceptional: a key stands twice.")
    for ground in exceptional.grounds:
        if ground.part2 not in ("yes", "no"):
            raise ImproperlyConfigured(
                f"exceptional: {ground.key}: part2 must be yes or no."
            )
    if not 1 <= exceptional.document_within_hours <= 72:
        raise ImproperlyConfigured(
            "exceptional: document_within_hours must be from 1 to 72."
        )
    if not 1 <= exceptional.wait_at_most_days <= 90:
        raise ImproperlyConfigured(
            "exceptional: wait_at_most_days must be from 1 to 90."
        )
