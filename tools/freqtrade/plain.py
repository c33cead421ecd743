"""Opens files that somebody else may have put there: never through a link, never anything but a plain file.

A bot's strategy is a stranger's code, and what reads its folder is not confined: a link would lead that to the
exchange's key, a pipe would hold it up for ever. Stands on the standard library alone, since bots import it too.
"""

import errno
import os
import stat
from pathlib import Path

MOST_BYTES = 64 * 1024


def open_plain(path: Path, flags: int = os.O_RDONLY) -> int:
    """The descriptor of a plain file that is no link, in a folder that is none. Raises `OSError`."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        found = os.open(path.name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600, dir_fd=folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise OSError(errno.EINVAL, "it is not a plain file: remove it", str(path))
    return found


def read_plain(path: Path, most: int = MOST_BYTES) -> bytes:
    """All that it holds. Raises `OSError`, also where that is more than `most` bytes."""
    with os.fdopen(open_plain(path), "rb") as file:
        found = file.read(most + 1)
    if len(found) > most:
        raise OSError(errno.EFBIG, f"it holds more than {most} bytes", str(path))
    return found
