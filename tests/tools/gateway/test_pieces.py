"""JSON taken apart without rewriting it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.gateway.pieces import join_list, join_object, split_list, split_object

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50, deadline=None)
@given(st.lists(VALUES))
def test_pieces_when_a_list_is_split_then_each_is_value_and_text(values: list[Any]) -> None:
    pieces = list(split_list(json.dumps(values, indent=1)))
    assert [value for value, _ in pieces] == values
    assert json.loads(join_list([text for _, text in pieces])) == values


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text("abc", min_size=1), VALUES))
def test_pieces_when_an_object_is_split_then_joined_it_is_the_same(value: dict[str, Any]) -> None:
    assert json.loads(join_object(split_object(json.dumps(value)))) == value


def test_pieces_when_split_then_the_text_is_untouched() -> None:
    assert [text for _, text in split_list('[ 1.50 , "0.10000000",{"a":1e5}]')] == ["1.50", '"0.10000000"', '{"a":1e5}']


@pytest.mark.parametrize("text", ["", "{}", "[1", "[1 2]", "[,]", "nothing", "[1,"])
def test_pieces_when_it_is_no_list_then_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        list(split_list(text))


@pytest.mark.parametrize("text", ["", "[]", '{"a"}', '{"a":}', '{"a":1', "{1:2"])
def test_pieces_when_it_is_no_object_then_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        split_object(text)
