"""A QR code as one SVG path, the same markup on the screen and on paper."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4


@dataclass(frozen=True)
class QrCode:
    """A code at error level M (ISO/IEC 18004); `path` is drawn on a square grid.

    The quiet zone of four modules belongs to the grid: `size` counts it, `modules`
    does not.
    """

    size: int
    modules: int
    path: str

    @classmethod
    def of(cls, text: str) -> "QrCode":
        """Return the code of a text; segno raises DataOverflowError if too long."""
        code = segno.make_qr(text, error="m", boost_error=False)
        runs = []
        for y, row in enumerate(code.matrix):
            runs += [_run(x, y, length) for x, length in _dark_runs(row)]
        modules = len(code.matrix)
        return cls(modules + 2 * QUIET_ZONE, modules, "".join(runs))


def _run(x: int, y: int, length: int) -> str:
    left, top = x + QUIET_ZONE, y + QUIET_ZONE
    return f"M{left} {top}h{length}v1h-{length}z"


def _dark_runs(row: bytearray) -> list[tuple[int, int]]:
    """Return (start, length) of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
