"""A large world of invented rows, made quickly: for measuring, never for looking at.

Rows go in by the thousand, past the actions: nobody is told, nothing is logged, no
versions of updates are kept, and nobody in it can sign in. The same numbers make the
same world. Who may see what is a mix of everything the rule knows: permits with and
without labels, stopped, ended and narrow ones, denies, items kept back.
"""

from carecoord.demo.bulk.building import CASELOADS, build

__all__ = ["CASELOADS", "build"]
