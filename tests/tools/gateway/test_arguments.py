"""The command line."""

import pytest

from tools.gateway.arguments import Arguments, parse_arguments
from tools.gateway.errors import ConfigurationError

UPSTREAM = ["--upstream", "http://127.0.0.1:8081"]


def test_arguments_when_only_the_exchange_is_named_then_the_rest_is_usual() -> None:
    assert parse_arguments(UPSTREAM) == Arguments("http://127.0.0.1:8081", None, "127.0.0.1", 8082, False)


def test_arguments_when_all_are_given_then_taken() -> None:
    words = ["--upstream", "https://api.binance.com/", "--stream-url", "wss://stream.binance.com:9443", "--trust-env"]
    given = parse_arguments([*words, "--host", "0.0.0.0", "--port", "0"])
    assert given == Arguments("https://api.binance.com", "wss://stream.binance.com:9443", "0.0.0.0", 0, True)


@pytest.mark.parametrize(("words", "says"), [
    ([], "--upstream"), (["--upstream", "api.binance.com"], "--upstream 'api.binance.com' is not an address"),
    (["--upstream", "ftp://x"], "https://host:port"), (["--upstream", "https://x/api/v3"], "is not an address"),
    (["--upstream", "https://u:p@x"], "is not an address"), (["--upstream", "https://x?y"], "is not an address"),
    (["--upstream", "https://x:port"], "is not an address"), (["--upstream", "https://"], "is not an address"),
    ([*UPSTREAM, "--stream-url", "https://x"], "wss://host:port"), ([*UPSTREAM, "--port", "70000"], "0 to 65535"),
    ([*UPSTREAM, "--port", "eighty"], "'eighty'"), ([*UPSTREAM, "--colour"], "--colour"),
])  # fmt: skip
def test_arguments_when_wrong_then_a_sentence_says_which(words: list[str], says: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        parse_arguments(words)
    assert says in str(error.value)
