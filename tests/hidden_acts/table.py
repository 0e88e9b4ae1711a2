"""What happens, by whom, and who may come to know of it.

Whoever stands in `known` may read of the act, for the reason in `why`; whoever did it
knows of it too. For everybody else the world has to look as if it had not happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.hidden_acts.standing import Stage

Do = Callable[[Stage], Any]
# Whom the permission lets read who is on the team; and all who read the list.
ROSTER = "bram jon guest"
ALL_READ = "bram jon kim lena guest"


@dataclass(frozen=True)
class Act:
    """One act, by whom, and who may come to know of it, and why."""

    name: str
    do: Do
    by: str
    known: frozenset[str]
    why: str

    def hidden_from(self, who: str) -> bool:
        return who not in self.known and who != self.by


# Amina's record, and Noor's.
ACTS: dict[str, Act] = {}
CHILDS: dict[str, Act] = {}


def act(
    by: str = "patient",
    known: str = "",
    why: str = "",
    into: dict[str, Act] = ACTS,
) -> Callable[[Do], Do]:
    def kept(do: Do) -> Do:
        name = do.__name__.strip("_")
        assert bool(known) == bool(why), "whoever may know, and why"
        into[name] = Act(name, do, by, frozenset(known.split()), why)
        return do

    return kept
