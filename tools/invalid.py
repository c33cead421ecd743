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
CONTRADICTIONS = ("limits_contradict", "rates_contradict", "bot_above_all")
"""Kinds that no single field is to blame for: their sentence stands alone."""
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
    value, more = _shown(first.get("input"), field), _contradiction(kind, bound)
    return Problem("invalid", 422, field=field, value=value, expected=expected, bound=bound, **more)


def _contradiction(kind: str, bound: str) -> dict[str, str]:
    """Which sentence to say instead of one on a field: `problem.invalid+contradiction`, or `+limit` with its values."""
    if kind not in CONTRADICTIONS:
        return {}
    limit, named, values = bound.partition(": ")
    if not named:
        return {"contradiction": kind}
    own, _, for_all = values.partition(" / ")
    return {"limit": limit, "own": own, "all": for_all}


def _shown(value: object, field: str) -> str:
    if field == "password":
        return "…"
    if isinstance(value, dict | list):
        return "…"
    return (value if isinstance(value, str) else json.dumps(value, default=str))[:80]
