"""Room for all the calls of a page, taken once.

Python 3.11 to 3.14 keep what running functions hold in pieces of 16 KiB, and give a
piece back to the kernel when the first call in it ends (`push_chunk` and
`_PyThreadState_PopFrame` in CPython's Python/pystate.c). A loop that stands at the end
of a piece asks for a new one with each of its calls: the pages of this product did it
some hundred to some thousand times each, for a quarter of their processor time.

A piece is as large as its first call says it needs. So a function that says it needs
much makes room for everything it calls.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# Words of 8 bytes, 320 KB, of which none is touched. The piece is the next power of
# two, 512 KiB: 192 KiB are left, for about as many calls as Python's own limit of 1,000
# lets a page nest. No memory is used for what is never reached.
WORDS = 40_000


def with_room(call: Callable[P, T]) -> Callable[P, T]:
    """`call`, for whose own calls there is room from the beginning.

    As middleware, the outermost one, it is for whatever answers a request.
    """

    def roomy(*args: P.args, **kwargs: P.kwargs) -> T:
        return call(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=WORDS)
    return roomy
