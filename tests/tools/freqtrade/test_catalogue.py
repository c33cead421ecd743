"""Strategies are read, never run."""

from pathlib import Path

import pytest

from tools.bot import BotSpec
from tools.errors import Problem
from tools.freqtrade.catalogue import UnreadableError, read_catalogue, read_strategy

ROOT = Path(__file__).resolve().parents[3]
SOURCE = '''
raise SystemExit("a strategy must not be run to be read")

from freqtrade.strategy import IStrategy
import freqtrade.strategy as fs


class Sample(IStrategy):
    """What it does.

    When it does badly.
    """

    timeframe: str = "5m"
    buy_rsi = IntParameter(10, 40, default=30, space="buy")
    """RSI below which
    it buys."""
    buy_width = fs.DecimalParameter([0.5, 2.5], default=1.5)
    sell_fast = BooleanParameter(default=False)
    sell_kind = CategoricalParameter(["a", "b"], default="b", space="sell")
    low_first = RealParameter(low=-1, high=1.5, default=0, space="sell")
    computed = IntParameter(10, LIMIT, default=30, space="buy")
    fixed = IntParameter(1, 2, default=1, space="buy", load=False)
    elsewhere = IntParameter(1, 2, default=1)
    minimal_roi = {"0": compute()}
'''


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "Sample.py").write_text(SOURCE)
    return tmp_path


@pytest.fixture
def sample(folder):
    return read_catalogue(folder).find("Sample")


def test_read_catalogue_when_a_strategy_is_there_then_its_words_are_read(sample, folder):
    assert (sample.summary, sample.timeframe) == ("What it does.", "5m")
    assert sample.doc.endswith("When it does badly.")
    assert sample.path == folder / "Sample.py"
    assert len(sample.sha256) == 64


def test_read_catalogue_when_parameters_are_written_out_then_each_is_read(sample):
    read = {p.name: (p.kind, p.low, p.high, p.default, p.choices, p.space) for p in sample.parameters}
    assert read == {
        "buy_rsi": ("int", 10, 40, 30, (), "buy"),
        "buy_width": ("float", 0.5, 2.5, 1.5, (), "buy"),
        "sell_fast": ("bool", None, None, False, (True, False), "sell"),
        "sell_kind": ("choice", None, None, "b", ("a", "b"), "sell"),
        "low_first": ("float", -1, 1.5, 0, (), "sell"),
    }
    assert sample.parameters[0].note == "RSI below which it buys."


def test_read_catalogue_when_files_cannot_be_read_then_they_are_left_out_with_a_reason(folder):
    (folder / "Broken.py").write_text("class Broken(IStrategy:\n")
    (folder / "Empty.py").write_text("")
    (folder / "Nulls.py").write_bytes(b"a\0b")
    (folder / "Two.py").write_text("class A(IStrategy): ...\nclass B(IStrategy): ...\n")
    (folder / "ZAgain.py").write_text(SOURCE)
    catalogue = read_catalogue(folder)
    assert list(catalogue.strategies) == ["Sample"]
    assert set(catalogue.unreadable) == {"Broken.py", "Empty.py", "Nulls.py", "Two.py", "ZAgain.py"}
    assert "not Python" in catalogue.unreadable["Broken.py"]
    assert catalogue.unreadable["ZAgain.py"] == "Sample is also in Sample.py"


def test_read_strategy_when_broken_then_it_says_why(tmp_path):
    (tmp_path / "Broken.py").write_text("def (")
    with pytest.raises(UnreadableError, match="not Python"):
        read_strategy(tmp_path / "Broken.py")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"buy_rsi": 10},
        {"buy_rsi": 40, "buy_width": 2},
        {"sell_fast": True},
        {"sell_kind": "a"},
        {"low_first": -1.0},
    ],
)
def test_check_when_values_fit_then_they_are_taken(sample, values):
    sample.check(values)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"buy_rsi": 9}, "parameter_out_of_range"),
        ({"buy_rsi": 41}, "parameter_out_of_range"),
        ({"buy_rsi": 20.5}, "parameter_out_of_range"),
        ({"buy_rsi": True}, "parameter_out_of_range"),
        ({"buy_rsi": "20"}, "parameter_out_of_range"),
        ({"buy_width": float("nan")}, "parameter_out_of_range"),
        ({"buy_width": 1e9}, "parameter_out_of_range"),
        ({"sell_fast": 1}, "parameter_not_a_choice"),
        ({"sell_kind": "c"}, "parameter_not_a_choice"),
        ({"fixed": 1}, "unknown_parameter"),
        ({"stoploss": -0.9}, "unknown_parameter"),
    ],
)
def test_check_when_a_value_does_not_fit_then_the_problem_says_which(sample, values, kind):
    with pytest.raises(Problem) as problem:
        sample.check(values)
    assert problem.value.kind == kind
    assert problem.value.numbers["parameter"] == next(iter(values))


def test_check_when_out_of_range_then_the_range_is_told(sample):
    with pytest.raises(Problem) as problem:
        sample.check({"buy_rsi": 99})
    assert problem.value.numbers == {"parameter": "buy_rsi", "value": "99", "low": "10", "high": "40"}


def test_find_when_unknown_then_the_known_ones_are_told(folder):
    bot = BotSpec(name="x", pairs=("BTC/USDT",), stake="1", max_open_trades=1, strategy="Nothing")
    with pytest.raises(Problem) as problem:
        read_catalogue(folder).check(bot)
    assert (problem.value.kind, problem.value.numbers["known"]) == ("unknown_strategy", "Sample")


def test_by_space_when_values_are_given_then_they_are_grouped_as_freqtrade_reads_them(sample):
    assert sample.by_space({"sell_kind": "a", "buy_rsi": 12}) == {"buy": {"buy_rsi": 12}, "sell": {"sell_kind": "a"}}


def test_read_catalogue_when_it_reads_ours_then_each_is_documented():
    catalogue = read_catalogue(ROOT / "strategies")
    assert catalogue.unreadable == {}
    assert {"RsiMeanReversion", "EmaCross", "BollingerBreakout"} <= set(catalogue.strategies)
    for strategy in catalogue.strategies.values():
        assert strategy.name == strategy.path.stem
        assert "It does badly" in strategy.doc
        assert strategy.timeframe == "1m"
        assert all(parameter.note for parameter in strategy.parameters)
        strategy.check({parameter.name: parameter.default for parameter in strategy.parameters})


def test_docs_when_strategies_exist_then_each_parameter_has_its_line():
    text = (ROOT / "docs" / "strategies.md").read_text()
    for strategy in read_catalogue(ROOT / "strategies").strategies.values():
        section = text.partition(f"## {strategy.name}\n")[2].partition("\n## ")[0]
        for parameter in strategy.parameters:
            assert f"| `{parameter.name}` | {parameter.default} | {parameter.low} to {parameter.high} |" in section
