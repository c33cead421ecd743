from pathlib import Path

import pytest

from tests.tools.bots.fakes import STRATEGIES
from tools.bots.shelf import Shelf
from tools.errors import Problem

SOURCE = '''from freqtrade.strategy import IStrategy


class Mine(IStrategy):
    """Does nothing."""

    timeframe = "5m"
'''


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def shelf(own: Path) -> Shelf:
    return Shelf(STRATEGIES, own)


def problem(shelf: Shelf, name: str, source: str) -> Problem:
    with pytest.raises(Problem) as raised:
        shelf.check(name, source)
    return raised.value


def test_write_when_stored_then_the_catalogue_has_both_in_order(shelf: Shelf, own: Path) -> None:
    stored = shelf.write("Mine", SOURCE)
    assert (stored.name, stored.summary, stored.timeframe) == ("Mine", "Does nothing.", "5m")
    assert list(shelf.read().strategies) == ["BollingerBreakout", "EmaCross", "Mine", "RsiMeanReversion"]
    assert shelf.find_source("Mine") == SOURCE
    assert (own / "Mine.py").stat().st_mode & 0o777 == 0o600
    assert own.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in own.iterdir()] == ["Mine.py"]


def test_write_when_stored_again_then_the_newest_stands(shelf: Shelf) -> None:
    first = shelf.write("Mine", SOURCE)
    second = shelf.write("Mine", SOURCE.replace("5m", "1h"))
    assert first.sha256 != second.sha256
    assert shelf.read().strategies["Mine"].timeframe == "1h"


def test_read_when_a_file_covers_a_bundled_name_then_the_bundled_one_stands(shelf: Shelf, own: Path) -> None:
    own.mkdir()
    (own / "EmaCross.py").write_text(SOURCE.replace("Mine", "EmaCross"))
    catalogue = shelf.read()
    assert catalogue.strategies["EmaCross"].path.parent == STRATEGIES
    assert catalogue.unreadable == {"EmaCross.py": "EmaCross came with the product"}


def test_read_when_nothing_is_stored_then_the_bundled_ones(shelf: Shelf) -> None:
    assert list(shelf.read().strategies) == ["BollingerBreakout", "EmaCross", "RsiMeanReversion"]
    assert shelf.find_source("Mine") is None


def test_check_when_it_can_be_read_then_nothing_is_written_or_run(shelf: Shelf, own: Path, tmp_path: Path) -> None:
    source = f'{SOURCE}\nopen({str(tmp_path / "ran")!r}, "w")\n'
    assert shelf.check("Mine", source).name == "Mine"
    assert not own.exists()
    assert not (tmp_path / "ran").exists()


def test_check_when_the_syntax_is_wrong_then_tells_the_line(shelf: Shelf) -> None:
    found = problem(shelf, "Mine", SOURCE + "def (:\n")
    assert found.kind == "strategy_syntax"
    assert found.numbers == {"strategy": "Mine", "line": "8", "reason": "invalid syntax"}


@pytest.mark.parametrize(
    ("name", "source", "kind"),
    [
        ("Other", SOURCE, "strategy_misnamed"),
        ("EmaCross", SOURCE.replace("Mine", "EmaCross"), "strategy_bundled"),
        ("json", SOURCE.replace("Mine", "json"), "strategy_name_taken"),
        ("tools", SOURCE.replace("Mine", "tools"), "strategy_name_taken"),
        ("freqtrade", SOURCE.replace("Mine", "freqtrade"), "strategy_name_taken"),
        ("Mine", "x = 1\n", "strategy_unreadable"),
        ("Mine", SOURCE + SOURCE.replace("Mine", "Two"), "strategy_unreadable"),
        ("Mine", "\x00", "strategy_unreadable"),
        ("Mine", SOURCE + "# \u202e hidden\n", "strategy_unreadable"),
        ("Mine", SOURCE + "# \ud800\n", "strategy_unreadable"),
        ("Mine", SOURCE + "# seen\rimport os\n", "strategy_unreadable"),
        ("Mine", "# -*- coding: utf-7 -*-\n" + SOURCE, "strategy_unreadable"),
        ("Mine", "# coding: no-such-thing\n" + SOURCE, "strategy_unreadable"),
        ("Mine", "(" * 20_000, "strategy_syntax"),
    ],
)
def test_check_when_it_cannot_be_used_then_says_why(shelf: Shelf, name: str, source: str, kind: str) -> None:
    found = problem(shelf, name, source)
    assert (found.kind, found.numbers["strategy"]) == (kind, name)


def test_check_when_written_on_windows_then_it_can_be_read(shelf: Shelf) -> None:
    assert shelf.check("Mine", SOURCE.replace("\n", "\r\n")).name == "Mine"
