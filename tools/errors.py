"""What can be wrong with a request, as data: words are made at the door, in the reader's language."""

from collections.abc import Mapping


class Problem(Exception):
    """A request that cannot be done as it stands.

    `kind` is one of the names below `problem.` in the word files; `numbers` fills their blanks; `status` is what the
    REST door answers.
    """

    def __init__(self, kind: str, status: int = 422, /, **numbers: object) -> None:
        self.kind = kind
        self.status = status
        self.numbers: Mapping[str, str] = {name: _legible(value) for name, value in numbers.items()}
        super().__init__(f"{kind}: {dict(self.numbers)}")


def _legible(value: object) -> str:
    """As text that can be written anywhere: half a surrogate pair cannot."""
    return str(value).encode(errors="replace").decode()
