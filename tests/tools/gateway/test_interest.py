"""Which streams are wanted."""

from tools.gateway.interest import LARGEST_COUNT, WANTED_MS, Interest


def test_interest_when_not_asked_for_then_it_ends() -> None:
    interest = Interest()
    interest.want("a", 0)
    interest.want("b", 10)
    interest.want("a", 20)
    assert interest.current(WANTED_MS + 9) == ["b", "a"]
    assert interest.current(WANTED_MS + 10) == ["a"]
    assert interest.current(WANTED_MS + 20) == []


def test_interest_when_too_much_then_the_longest_unwanted_goes() -> None:
    interest = Interest()
    for number in range(LARGEST_COUNT + 1):
        interest.want(str(number), number)
    assert len(interest.current(1)) == LARGEST_COUNT
    assert "0" not in interest.current(1)
