import pytest

from tools.market import venues
from tools.market.venues import choose_venue

DEMO, GATEWAY = "http://127.0.0.1:8081", "http://127.0.0.1:8082"


@pytest.mark.parametrize(
    ("setting", "url", "streams"),
    [
        ("binance", "https://api.binance.com", "wss://stream.binance.com:9443"),
        ("binance-testnet", "https://testnet.binance.vision", "wss://stream.testnet.binance.vision"),
        ("demo", DEMO, "ws://127.0.0.1:8081"),
    ],
)
async def test_choose_venue_when_named_then_its_addresses_and_all_but_the_gateway_ask_the_gateway(
    setting: str, url: str, streams: str
) -> None:
    venue = await choose_venue(setting, DEMO, via=GATEWAY)
    assert (venue.name, venue.url, venue.stream_url, venue.chosen) == (setting, url, streams, "set")
    assert venue.api_url == GATEWAY
    assert (await choose_venue(setting, DEMO)).api_url == url


@pytest.mark.parametrize(("answers", "name"), [(True, "binance"), (False, "demo")])
async def test_choose_venue_when_automatic_then_binance_where_it_answers(
    monkeypatch: pytest.MonkeyPatch, answers: bool, name: str
) -> None:
    async def answer(url: str) -> bool:
        assert url == "https://api.binance.com"
        return answers

    monkeypatch.setattr(venues, "_answers", answer)
    venue = await choose_venue("auto", DEMO)
    assert (venue.name, venue.chosen) == (name, "auto")
