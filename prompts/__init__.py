"""The instructions of the model and the glossary: Markdown files, read by name."""

import re
from functools import cache
from importlib.resources import files

_BLANK = re.compile(r"\{(\w+)\}")


@cache
def _text(name: str) -> str:
    return files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8")


def read(name: str, **blanks: str) -> str:
    """The text of `name`.md with its `{blank}`s filled; one that is not given stays as it is.

    Raises `FileNotFoundError` where there is no such file.
    """
    return _BLANK.sub(lambda blank: blanks.get(blank[1], blank[0]), _text(name))
