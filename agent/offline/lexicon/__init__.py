"""What words mean to the interpreter: tables of phrases, one a language."""


def word_set(*lines: str) -> frozenset[str]:
    """The words of some lines."""
    return frozenset(word for line in lines for word in line.split())
