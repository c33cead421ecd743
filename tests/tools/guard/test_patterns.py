import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tools.guard.patterns import PairPattern, covers, matches, narrow

READER: TypeAdapter[str] = TypeAdapter(PairPattern)
names = st.text("AB*", min_size=1, max_size=4)
patterns = st.builds("{}/{}".format, names, names)
pairs = st.builds("{}/{}".format, st.text("AB", min_size=1, max_size=4), st.text("AB", min_size=1, max_size=4))


@pytest.mark.parametrize(
    ("wide", "narrower", "covered"),
    [
        ("*/*", "BTC/USDT", True),
        ("*/USDT", "BTC/USDT", True),
        ("*/USDT", "BTC/BTC", False),
        ("B*/USDT", "BTC/USDT", True),
        ("B*/USDT", "B*C/USDT", True),
        ("B*C/USDT", "B*/USDT", False),
        ("*/USDT", "*/*", False),
        ("BTC/USDT", "BTC/USDT", True),
        ("BTC/USDT", "BTCX/USDT", False),
        ("BTC/USDT", "BTC/USDTX", False),
    ],
)
def test_covers_when_compared_then_says_whether_all_of_it_fits(wide: str, narrower: str, covered: bool) -> None:
    assert covers(wide, narrower) is covered


@given(patterns, patterns, pairs)
def test_covers_when_it_says_so_then_each_pair_that_fits_one_fits_the_other(
    wide: str, narrower: str, pair: str
) -> None:
    if covers(wide, narrower) and covers(narrower, pair):
        assert covers(wide, pair)


@given(st.sets(patterns, max_size=3), st.sets(patterns, max_size=3), pairs)
def test_narrow_when_a_pair_fits_then_it_fits_both_and_so_does_every_pattern(
    one: set[str], other: set[str], pair: str
) -> None:
    both = narrow(one, other)
    assert all(any(covers(wide, each) for wide in one) for each in both)
    assert all(any(covers(wide, each) for wide in other) for each in both)
    if matches(pair, both):
        assert matches(pair, one)
        assert matches(pair, other)


def test_narrow_when_each_says_something_of_another_side_then_both_hold() -> None:
    assert narrow({"BTC/*", "ETH/*"}, {"*/USDT"}) == {"BTC/USDT", "ETH/USDT"}
    assert narrow({"*/*"}, {"*/USDT"}) == {"*/USDT"}
    assert narrow({"BTC/*"}, {"ETH/*"}) == frozenset()


@pytest.mark.parametrize(
    "written",
    ["*", "BTCUSDT", "BTC-USDT", "btc/usdt", "ＢＴＣ/USDT", "B?C/USDT", "[A-Z]/USDT", "*/*/*", "/USDT", "B/ *", "!/A"],
)
def test_read_when_it_is_no_pattern_then_raises(written: str) -> None:
    with pytest.raises(ValidationError):
        READER.validate_python(written)


@pytest.mark.parametrize("written", ["*/*", "*/USDT", "BTC/USDT", "1000*/USD*", "A/B"])
def test_read_when_it_is_a_pattern_then_it_stays_as_it_is(written: str) -> None:
    assert READER.validate_python(written) == written
