"""What the guard keeps from happening, as text."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table

from agent.words import Language, say
from api.terminal.plain import plain
from api.terminal.tables import as_said, moment, money, numbers, table, text
from tools.views import GuardView, OrderRefusalView, PanicView


def draw_guard(guard: GuardView, language: Language) -> RenderableType:
    """The panic stop, and the orders that were refused."""
    if guard.panic is None:
        lines = [plain(say(language, "panic.off"))]
    else:
        lines = [plain(line, "bold red") for line in _panic(guard.panic, language)]
    if not guard.refused_orders:
        return Group(*lines, plain(say(language, "guard.quiet")))
    return Group(*lines, _refused(guard.refused_orders, language))


def _panic(panic: PanicView, language: Language) -> Iterator[str]:
    yield say(language, "panic.on", at=moment(panic.at))
    if panic.entries_off_ms is not None:
        yield say(language, "panic.entries_off", ms=panic.entries_off_ms)
    if panic.exit and not panic.unsold:
        yield say(language, "panic.exit")
    if panic.exits_open:
        yield say(language, "panic.exits_open", count=panic.exits_open)
    if panic.unsold:
        yield say(language, "cli.panic.unsold", bots=", ".join(panic.unsold), count=panic.unsold_trades)
    if panic.ended_bots:
        yield say(language, "panic.ended", bots=", ".join(panic.ended_bots))


def _refused(orders: tuple[OrderRefusalView, ...], language: Language) -> Table:
    drawn = table(language, text("opened", "bot"), text("pair"), numbers("stake"), text("reason"))
    drawn.title = plain(say(language, "guard.refused_orders"))
    drawn.show_lines = True
    for order in orders:
        reason = say(language, f"refusal.{order.rule}", **as_said(order.numbers, language))
        drawn.add_row(
            plain(f"{order.at:%m-%d %H:%M:%S}\n{order.bot_name}"),
            plain(order.pair),
            plain(money(order.stake, language)),
            plain(reason),
        )
    return drawn
