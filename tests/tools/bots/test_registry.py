import pytest

from tools.bot import BotSpec, State
from tools.bots.registry import Registry
from tools.errors import Problem
from tools.store.database import Store


@pytest.fixture
def registry(store: Store) -> Registry:
    return Registry(store)


def spec(name: str = "Alpha") -> BotSpec:
    return BotSpec(name=name, pairs=("BTC/USDT",), stake="50.10", max_open_trades=1)


def test_add_when_read_again_then_it_is_the_same(registry: Registry) -> None:
    bot = registry.add(spec(), "demo", "c1")
    assert registry.read(bot.id) == bot
    assert str(registry.read(bot.id).spec.stake) == "50.10"


@pytest.mark.parametrize("name", ["alpha", "ALPHA", " Alpha "])
def test_find_when_written_otherwise_then_finds_it(registry: Registry, name: str) -> None:
    bot = registry.add(spec(), "demo", None)
    assert registry.find(name).id == registry.find(bot.id).id == bot.id


def test_find_when_there_is_none_then_tells_those_that_there_are(registry: Registry) -> None:
    registry.add(spec(), "demo", None)
    with pytest.raises(Problem) as raised:
        registry.find("beta")
    assert (raised.value.kind, raised.value.numbers) == ("unknown_bot", {"bot": "beta", "known": "Alpha"})


def test_add_when_the_name_is_taken_then_raises_and_nothing_is_added(registry: Registry) -> None:
    registry.add(spec(), "demo", None)
    with pytest.raises(Problem, match="name_taken"):
        registry.add(spec("aLPHA"), "demo", None)
    assert len(registry.read_all()) == 1


def test_write_spec_when_the_new_name_is_taken_then_the_old_one_stays(registry: Registry) -> None:
    registry.add(spec(), "demo", None)
    other = registry.add(spec("Beta"), "demo", None)
    with pytest.raises(Problem, match="name_taken"):
        registry.write_spec(other.id, spec("alpha"))
    assert registry.read(other.id).spec.name == "Beta"


def test_write_state_when_it_starts_then_the_time_is_kept_and_resuming_does_not_change_it(registry: Registry) -> None:
    bot = registry.add(spec(), "demo", None)
    started = registry.write_state(bot.id, State.RUNNING).started_at
    registry.write_state(bot.id, State.PAUSED)
    assert started is not None
    assert registry.write_state(bot.id, State.RUNNING).started_at == started


def test_read_name_when_the_bot_is_gone_then_there_is_none(registry: Registry) -> None:
    bot = registry.add(spec(), "demo", None)
    assert registry.read_name(bot.id) == "Alpha"
    registry.remove(bot.id)
    assert registry.read_name(bot.id) is None
    assert registry.read_all() == []


def test_read_all_when_read_by_another_process_then_the_same_in_the_same_order(
    registry: Registry, store: Store
) -> None:
    for name in ("b", "a", "c"):
        registry.write_state(registry.add(spec(name), "demo", None).id, State.RUNNING)
    assert [bot.spec.name for bot in registry.read_all()] == ["b", "a", "c"]
    assert Registry(store).read_all() == registry.read_all()
