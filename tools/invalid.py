"""What pydantic found wrong with a request, as a problem whose words are ours and in both languages."""

import json
from collections.abc import Mapping
from typing import Any

from tools.errors import Problem

EXPECTED = {
    "greater_than": "above",
    "greater_than_equal": "at_least",
    "less_than": "below",
    "less_than_equal": "at_most",
    "missing": "required",
    "extra_forbidden": "unknown_setting",
    "decimal_max_digits": "too_precise",
    "decimal_max_places": "too_precise",
    "decimal_whole_digits": "too_precise",
    "literal_error": "one_of",
    "enum": "one_of",
    "string_too_long": "at_most_long",
    "too_long": "at_most_long",
    "string_too_short": "at_least_long",
    "too_short": "at_least_long",
    "string_pattern_mismatch": "other_writing",
    "string_type": "text",
}
"""Pydantic's types of errors by the name of our sentence for them."""
NUMBERS = (
    "decimal_parsing",
    "decimal_type",
    "finite_number",
    "int_parsing",
    "int_type",
    "int_from_float",
    "float_parsing",
)
BOUNDS = ("gt", "ge", "lt", "le", "max_length", "min_length", "expected")
WRAPPERS = ("body", "query", "path", "header", "spec", "changes")


def invalid(first: Mapping[str, Any], kinds: frozenset[str] = frozenset()) -> Problem:
    """`Problem("invalid")` with the field, its value, the name of what is expected and its bound.

    Source of the shape: pydantic's `ValidationError.errors()`. `kinds` are words of the path that name no field.
    """
    path = [str(part) for part in first["loc"] if part not in kinds and part not in WRAPPERS]
    kind = str(first["type"])
    context = first.get("ctx") or {}
    bound = next((str(context[name]) for name in BOUNDS if name in context), str(context.get("told", "")))
    expected = "number" if kind in NUMBERS else EXPECTED.get(kind, kind)
    field = path[0] if path else "request"
    return Problem("invalid", 422, field=field, value=_shown(first.get("input"), field), expected=expected, bound=bound)


def _shown(value: object, field: str) -> str:
    if field == "password":
        return "…"
    if isinstance(value, dict | list):
        return "…"
    return (value if isinstance(value, str) else json.dumps(value, default=str))[:80]
