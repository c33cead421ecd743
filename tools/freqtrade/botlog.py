"""Where a bot's Freqtrade logs: into the file that was opened for it before it was confined.

The file lies where the bot may write nothing, so it is not renamed when it grows: its older half is cut off.
"""

import contextlib
import logging
import os
import stat

STANDARD_ERROR = 2
MOST_BYTES = 10_000_000
KEPT_BYTES = 5_000_000


class BotLog(logging.Handler):
    """Writes to the standard error output; where that is a file, it is kept from growing for ever."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            os.write(STANDARD_ERROR, f"{self.format(record)}\n".encode(errors="replace"))
            cut(STANDARD_ERROR)
        except Exception:  # noqa: BLE001  as every handler of the standard library
            self.handleError(record)


def cut(log: int) -> None:
    """Leaves the last `KEPT_BYTES` of a file that holds more than `MOST_BYTES`, from the beginning of a line on."""
    status = os.fstat(log)
    if not stat.S_ISREG(status.st_mode) or status.st_size <= MOST_BYTES:
        return
    with contextlib.suppress(OSError):
        kept = os.pread(log, KEPT_BYTES, status.st_size - KEPT_BYTES)
        os.ftruncate(log, 0)
        os.write(log, kept[kept.find(b"\n") + 1 :])
