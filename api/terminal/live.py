"""Whether real money can be traded, in a terminal."""

from collections.abc import Iterator

from rich.console import Console

from agent.words import Language, name_values, say
from api.terminal.client import ApiClient
from api.terminal.plain import plain
from api.terminal.tables import as_said, number
from tools.views import BotView, LiveCheckView, LiveView


async def show_live(client: ApiClient, console: Console, language: Language, *, anew: bool) -> bool:
    """Shows it, after another look at the key where that is asked for; True if all passed. Raises `ApiError`."""
    content = await client.ask("POST", "/api/live/check") if anew else await client.ask("GET", "/api/live")
    live = LiveView.model_validate(content)
    for line in tell_live(live, language):
        console.print(plain(line), soft_wrap=True)
    return live.passed


def tell_live(live: LiveView, language: Language) -> Iterator[str]:
    """What there is to say, a line each."""
    yield say(language, f"cli.live.{'enabled' if live.enabled else 'disabled'}")
    if live.check is None:
        yield say(language, "cli.live.unchecked")
    else:
        yield _verdict(live, live.check, language)
        yield from _key(live.check, language)
    if not live.confined:
        yield say(language, "cli.live.unconfined")
    for bot in live.bots:
        yield _bot(bot, language)


def _verdict(live: LiveView, check: LiveCheckView, language: Language) -> str:
    if live.passed:
        return say(language, "cli.live.passed", age_s=check.age_s)
    reason = say(language, f"refusal.{live.rule}", **as_said(live.numbers, language))
    return say(language, "cli.live.refused", reason=f"{reason} {say(language, f'refusal.{live.rule}.hint')}")


def _key(check: LiveCheckView, language: Language) -> Iterator[str]:
    if not (check.answered and check.configured):
        return
    yield say(language, "cli.live.key", venue=check.venue, skew_ms=check.clock_skew_ms)
    if check.key_works and not check.ip_restricted:
        yield say(language, "cli.live.any_ip")
    for currency, balance in sorted(check.balances.items()):
        free, locked = (number(amount, language) for amount in (balance.free, balance.locked))
        yield say(language, "cli.live.balance", currency=currency, free=free, locked=locked)


def _bot(bot: BotView, language: Language) -> str:
    return say(
        language,
        "cli.live.bot",
        name=bot.spec.name,
        state=say(language, f"state.{bot.state}"),
        mandate=say_mandate(bot, language),
    )


def say_mandate(bot: BotView, language: Language) -> str:
    """Whether what a person confirmed of a bot still holds."""
    if bot.mandate is None or bot.mandate.status == "none":
        return say(language, "mandate.none")
    if bot.mandate.status == "valid":
        return say(language, "mandate.valid")
    return name_values(language, {"reason": bot.mandate.reason or "void"})["reason"]
