"""What a bot tells comes from a process that it shares with its strategy: what nobody ever counted is not taken."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from tools.freqtrade.answers import Number

NUMBER = TypeAdapter(Number)


@pytest.mark.parametrize("told", ["1e41", "-1e999999999", "1e-999999999", "NaN", "Infinity", "1." + "1" * 200])
def test_answer_when_a_number_could_not_be_written_down_then_it_is_not_taken(told: str) -> None:
    with pytest.raises(ValidationError):
        NUMBER.validate_python(Decimal(told))


@pytest.mark.parametrize("told", ["0", "-0.00000001", "123456789012345678.12345678", "1E-8", "0E-8"])
def test_answer_when_it_is_a_number_of_money_then_it_is_taken_to_the_last_digit(told: str) -> None:
    assert NUMBER.validate_python(Decimal(told)) == Decimal(told)
