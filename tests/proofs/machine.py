"""The siege: an adversarial model, a careless person, several doors and a hostile world, in any order."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.proofs.actors import ASKERS, NO_WORD, PEOPLE, RECOVERY, has_word
from tests.proofs.freqtrade import BotProcess, Deal
from tests.proofs.moves import KINDS, START, STARTS, UNDECLARED, make_action, make_spec
from tests.proofs.tally import STEPS, TALLY, Tally
from tests.proofs.witness import PAIRS, must
from tests.proofs.world import World
from tools.bot import Mode, State
from tools.bots.registry import Bot
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.guard.actor import Actor
from tools.guard.holds import Holds
from tools.guard.limits import Limits
from tools.guard.order import Order
from tools.store.database import Store

CARDS = (ReceiptCard, RefusalCard, ProposalCard)
small = st.integers(0, 7)
which = st.integers(0, 15)
LOOKS_EVERY = 14
RARE = ("panic", "stop_bot", "block_pair", "release_panic", UNDECLARED)
ASKED = [kind for kind in (*KINDS, UNDECLARED) for _ in range(1 if kind in RARE else 3)]
WISHES = (
    "yes", "yes", "yes", "yes", "start_bot", "resume_bot", "set_limits", "set_limits", "force_entry", "force_entry",
    "unblock_pair", "set_bot_limits", "change_mode", "delete_bot", "edit_bot", "create_bot",
)  # fmt: skip
CARES = (0, 1, 1, 1)
PACES = (0.1, 1, 4)
PASSES = (0.5, 3, 3, 20, 20, 45, 61, 61, 200, 601, 3601, 40_000)
TURNS = (
    "up", "up", "up", "up", "venue down", "venue down", "starts fail", "blind", "unwritable", "unwritable",
    "unwritable", "panic", "clock", "clock", "key", "key",
)  # fmt: skip
JUMPS = (-3600, -30, -2, 2, 90, 660, 3500, 86_400)
MOVED = (
    "force_entry", "force_entry", "edit_bot", "edit_bot", "start_bot", "resume_bot", "set_limits", "set_bot_limits",
    "change_mode", "delete_bot", "unblock_pair", "create_bot",
)  # fmt: skip
MEANWHILE = ("price", "price", "edit_bot", "edit_bot", "set_limits", "set_bot_limits", "block_pair", "time", "panic")
EVENTS = ("round", "round", "round", "round", "hang", "crash")
DEATHS = ("at once", "soon", "soon", "soon", "confirming", "confirming", "entering", "", "", "", "", "", "", "", "", "")
FILLS = ("1", "1", "1", "0.5", "cancel")
SHARES = tuple(map(Decimal, ("-0.4", "-0.15", "-0.05", "0.05", "0.3")))
SIZES = tuple(map(Decimal, ("0.2", "0.5", "1", "1", "1.9")))
RATES = tuple(map(Decimal, ("0.97", "1", "1", "1.049", "1.06")))
FATES = ("lands", "lands", "lands untold", "flies", "flies", "fails", "fails untold")


class Siege(RuleBasedStateMachine):
    """Each rule is one step; the witness looks at everything after each."""

    base: ClassVar[Store]
    empty: ClassVar[Path]
    tally: ClassVar[Tally] = TALLY
    plant: ClassVar[Callable[["World"], None]] = staticmethod(lambda _: None)
    """Puts a known bug into a new world, to see that it is found."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.base, self.empty, self.tally)
        self.plant(self.world)
        self.is_blind = False
        """Whether the product does not look after its bots by itself."""
        self._steps = 0
        self._pace = 0.1
        self._cares = 0
        self._panics = 0

    @initialize(
        live=st.booleans(), of=st.sampled_from(STARTS), pace=st.sampled_from(PACES), cares=st.sampled_from(CARES)
    )
    def begin(self, live: bool, of: dict[str, Any], pace: float, cares: int) -> None:
        """Three simulated bots and a real one, which could hold more together than they may.

        There is an owner who mostly cares, and a limit that is met before the others.
        """
        world, self._pace, self._cares = self.world, pace, cares
        world.api.book.write(Limits.model_validate({**dict(START), "live_enabled": live, **of}))
        for a, b in ((1, 3), (1, 1), (0, 1), (1, 5)):
            bot = world.add_bot(make_spec(a, b))
            if live or bot.spec.mode is Mode.SIMULATED:
                world.api.registry.write_state(bot.id, State.RUNNING)
                process = world.processes[bot.id]
                process.is_up = process.enters = True
                process.source = world.sources.read_shelf(bot.spec.strategy)
                self._say_yes_to(bot)
        world._limits = world.api.book.read()
        world.watch()

    # Those who ask.

    @rule(kind=st.sampled_from(ASKED), who=st.sampled_from(ASKERS), bot=which, a=small, b=small, stall=small)
    def somebody_asks(self, kind: str, who: Actor, bot: int, a: int, b: int, stall: int) -> None:
        found = self._bot(kind, bot)
        outcome = self._ask(kind, who, found, a, b, stall, f"token:{b}" if stall == 3 else None)
        if stall < 3 and isinstance(outcome, ProposalCard):
            self._confirm(outcome.proposal.id, outcome.proposal.hash, PEOPLE[b % len(PEOPLE)], a)
        if stall == 3 and isinstance(outcome, CARDS):
            again = self._ask(kind, who, found, a, b, 0, f"token:{b}")
            must(again == outcome or not isinstance(again, CARDS), "done again", first=outcome, again=again)

    @rule(wish=st.sampled_from(WISHES), bot=which, a=small, b=small, who=small, stall=small)
    def the_owner_acts(self, wish: str, bot: int, a: int, b: int, who: int, stall: int) -> None:
        """Says yes to something that waits, or asks for something that gets the bots going again."""
        world, owner = self.world, PEOPLE[who % len(PEOPLE)]
        if wish == "yes":
            if shown := self._pick(bot, "pending"):
                self._confirm(shown, world.witness.shown[shown].view.hash, owner, stall)
                return
            wish = "start_bot"
        if None in world.witness.held():
            wish = "release_panic"
        outcome = self._ask(wish, owner, self._bot(wish, bot), a, b, stall)
        if stall < 5 and isinstance(outcome, ProposalCard):
            self._confirm(outcome.proposal.id, outcome.proposal.hash, owner, a)

    @rule(
        kind=st.sampled_from(MOVED), who=st.sampled_from(ASKERS[-5:] * 2 + PEOPLE), bot=which, a=small, b=small,
        what=st.sampled_from(MEANWHILE),
    )  # fmt: skip
    def the_world_moves_before_the_yes(self, kind: str, who: Actor, bot: int, a: int, b: int, what: str) -> None:
        """What was shown is not so any more when somebody says yes to it, or nearly so."""
        found = self._bot(kind, bot)
        outcome = self._ask(kind, who, found, a, b, 0)
        if not isinstance(outcome, ProposalCard):
            return
        if what == "price":
            for pair in self.world.prices:
                self._move_price(pair, Decimal("1.03") if b % 2 else Decimal("0.99"))
        elif what == "time":
            self._let_time_pass(PASSES[a])
        else:
            self._insist(what, PEOPLE[b % len(PEOPLE)], found, a + 1, b)
        self._confirm(outcome.proposal.id, outcome.proposal.hash, PEOPLE[a % len(PEOPLE)], 0)

    # Those who decide.

    @rule(pick=which, who=st.sampled_from((*NO_WORD, *PEOPLE * 5)), what=small, twice=st.booleans())
    def somebody_says_yes_to_something(self, pick: int, who: Actor, what: int, twice: bool) -> None:
        """To what waits or to anything that was ever shown, by the hash of anything that was ever shown."""
        known = list(self.world.witness.shown)
        if pick < 12:
            known = [one for one in reversed(self.world.witness.find("pending")) if one in known] or known
        if not known:
            return
        proposal, other = known[-1 - pick % len(known)], known[what % len(known)]
        sent = (self.world.witness.shown[other if what < 4 else proposal].view.hash, "0" * 64)[what == 0]
        for _ in range(1 + twice):
            self._confirm(proposal, sent, who, 0)

    @rule(pick=small, who=st.sampled_from((*PEOPLE * 3, *NO_WORD)))
    def somebody_says_no(self, pick: int, who: Actor) -> None:
        if shown := self._pick(pick, "pending", "waiting"):
            outcome = self.world.run(self.world.api.gate.deny(shown, self.world.witness.shown[shown].view.hash, who))
            if isinstance(outcome, ProposalCard):
                must(has_word(who), "somebody with no word said no, and it counted", who=who)
                self.world.witness.note_deny(shown)
                self.tally.count("proposals denied")

    @rule(pick=small)
    def two_say_yes_at_once(self, pick: int) -> None:
        if shown := self._pick(pick, "pending"):
            sent = self.world.witness.shown[shown].view.hash
            for who in PEOPLE[:2]:
                self._hear(shown, sent, who)
            gate = self.world.api.gate
            self.world.run_together([gate.confirm(shown, sent, who) for who in PEOPLE[:2]])

    # The bots and their strategies.

    @rule(bot=small, pair=small, size=st.sampled_from(SIZES), rate=st.sampled_from(RATES), fate=st.sampled_from(FATES))
    def a_bot_enters(self, bot: int, pair: int, size: Decimal, rate: Decimal, fate: str) -> None:
        found = self._trading(bot)
        if found is None:
            return
        pairs = PAIRS if pair == 7 else found.spec.pairs
        order = self._order(found, pairs[pair % len(pairs)], size, rate)
        flight = self.world.run(self.world.ask(order))
        if flight is not None and flight in self.world.processes[found.id].flights:
            self._land(self.world.processes[found.id], flight, fate)

    @rule(pairs=st.lists(small, min_size=2, max_size=5), fate=st.sampled_from(FATES))
    def all_bots_enter_at_once(self, pairs: list[int], fate: str) -> None:
        found = [bot for number in range(len(pairs)) if (bot := self._trading(number))]
        asked = [
            self._order(bot, bot.spec.pairs[pair % len(bot.spec.pairs)], Decimal("0.5"), Decimal(1))
            for bot, pair in zip(found, pairs, strict=False)
        ]
        self.world.run_together([self.world.ask(order) for order in asked])
        for process in list(self.world.processes.values()):
            for flight in list(process.flights):
                self._land(process, flight, fate)

    @rule(bot=small, pair=small, size=st.sampled_from(SIZES), share=st.sampled_from(SHARES), times=st.integers(1, 3))
    def a_bot_trades(self, bot: int, pair: int, size: Decimal, share: Decimal, times: int) -> None:
        """In and out again, and told each time; the breakers are looked at only then, if at once."""
        for _ in range(times):
            if (found := self._trading(bot)) is None:
                return
            process = self.world.processes[found.id]
            order = self._order(found, found.spec.pairs[pair % len(found.spec.pairs)], size, Decimal(1))
            flight = self.world.run(self.world.ask(order))
            if flight is not None and flight in process.flights:
                self._land(process, flight, "lands")
            for deal in [deal for deal in process.open_deals() if deal.pair == order.pair]:
                process.fill(deal, Decimal(1))
                process.close(deal, share)
            self.world.run(self.world.read_trades_of(found))
        if size == 1:
            self._watch()

    @rule(bot=small, what=st.sampled_from(FILLS), every=st.booleans())
    def the_exchange_fills(self, bot: int, what: str, every: bool) -> None:
        for process, deal in self._deals(bot, every):
            if what == "cancel":
                process.cancel(deal)
            else:
                process.fill(deal, Decimal(what))

    @rule(bot=small, share=st.sampled_from(SHARES), every=st.sampled_from((False, False, False, False, True)))
    def a_bot_exits(self, bot: int, share: Decimal, every: bool) -> None:
        for process, deal in self._deals(bot, every):
            process.close(deal, share)

    @rule(bot=small, what=st.sampled_from(EVENTS))
    def a_bot_goes_on(self, bot: int, what: str) -> None:
        found = self._trading(bot)
        if found is None:
            return
        process = self.world.processes[found.id]
        process.hangs = what == "hang"
        if what == "round":
            process.end_round()
        elif what == "crash":
            self.tally.count("bots crashed")
            process.crash()
            if bot % 2:
                self._ask("start_bot", RECOVERY, found, 0, 0, 0)

    # The world.

    @rule(pair=small, factor=st.sampled_from(tuple(map(Decimal, ("0.9", "0.99", "1.01", "1.03", "1.3")))))
    def a_price_moves(self, pair: int, factor: Decimal) -> None:
        self._move_price(PAIRS[pair % 4], factor)

    @rule(what=st.sampled_from(TURNS), number=small)
    def things_break_and_work_again(self, what: str, number: int) -> None:
        world = self.world
        match what:
            case "unwritable":
                world.api.store.fail_in(1 + number)
            case "panic" if number < 4:
                # From another process, into the database: the product may hang.
                Holds(self.base).press(exits=number == 1, door="cli")
            case "key":
                world.key.turn = number
                bots = [bot for bot in world.bots().values() if bot.spec.mode is not Mode.SIMULATED]
                if idle := [bot for bot in bots if self._suits("start_bot", bot)]:
                    self._insist("start_bot", PEOPLE[number % len(PEOPLE)], idle[0], 0, number)
            case "clock":
                if JUMPS[number] < 0:
                    world.truth.see_clock_set_back()
                world.clock.jump(JUMPS[number])
            case _:
                world.is_venue_up, world.starts_fail = what != "venue down", what == "starts fail"
                self.is_blind = what == "blind"
        if what == "venue down":
            self._let_time_pass(PASSES[number])

    @rule(seconds=st.sampled_from(PASSES))
    def time_passes(self, seconds: float) -> None:
        self._let_time_pass(seconds)

    @precondition(lambda self: self.world.stalled)
    @rule()
    def what_was_held_up_goes_on(self) -> None:
        self.world.let_go()

    @rule(what=st.sampled_from(DEATHS), steps=st.integers(1, 5))
    def the_product_is_killed(self, what: str, steps: int) -> None:
        """Now and then: at once, before one of its next transactions, or in the middle of something."""
        match what:
            case "at once":
                self.world.kill()
            case "soon":
                self.world.api.store.kill_in(steps)
            case "confirming":
                self._kill_while_confirming(steps)
            case "entering":
                self._kill_while_entering(steps)
            case _ if self.world.stalled:
                self.world.kill()
        if steps > 3:
            self._watch()

    def _kill_while_confirming(self, stall: int) -> None:
        """Whoever said yes says it again when the product is back."""
        if self._pick(0, "pending") is None:
            self._ask("store_strategy", ASKERS[-1], None, stall, stall, 0)
        if shown := self._pick(stall, "pending"):
            sent = self.world.witness.shown[shown].view.hash
            self._confirm(shown, sent, PEOPLE[0], 4 + stall)
            self.world.kill()
            self._confirm(shown, sent, PEOPLE[0], 0)

    def _kill_while_entering(self, number: int) -> None:
        """With orders on their way of which nothing has been told."""
        for _ in range(2):
            found = [bot for one in range(3) if (bot := self._trading(number + one))]
            orders = [self._order(bot, bot.spec.pairs[0], Decimal("0.8"), Decimal(1)) for bot in found]
            self.world.run_together([self.world.ask(order) for order in orders])
            self.world.kill()
            self.world.watch()

    @invariant()
    def all_is_as_promised(self) -> None:
        self.tally.count(STEPS)
        self.world.clock.pass_by(self._pace)
        self.world.check()
        self._steps += 1
        if self._steps % LOOKS_EVERY == 0:
            self.world.witness.see_account()
            self._watch()
            if self._cares:
                self._look_after_bots()

    def teardown(self) -> None:
        self.world.close()

    # How it is done.

    def _say_yes_to(self, bot: Bot) -> None:
        """As a person did before."""
        world = self.world
        if bot.spec.mode is Mode.SIMULATED:
            return
        with world.api.store.writing() as session:
            found = world.bindings.find(bot)
            world.api.mandates.grant(session, bot.id, found, by="web", proposal_id="before")
        world.confirm(bot.id, bot.spec)

    def _look_after_bots(self) -> None:
        """An owner who cares ends a panic after a while, and gets bots going that do not enter."""
        world, owner = self.world, PEOPLE[self._steps % len(PEOPLE)]
        self._panics = self._panics + 1 if None in world.witness.held() else 0
        if self._panics > 1:
            self._insist("release_panic", owner, None)
        elif not self._panics:
            world.is_venue_up, world.starts_fail, self.is_blind = True, False, False
            for process in world.processes.values():
                process.hangs = False
            bots = list(world.bots().values())
            idle = [bot for bot in bots if bot.state is not State.RUNNING or not world.client(bot.id)]
            if idle and len(idle) > len(bots) - 2:
                self._insist("start_bot", owner, idle[self._steps // LOOKS_EVERY % len(idle)])
            if len(bots) < 3:
                self._insist("create_bot", owner, None)

    def _insist(self, kind: str, who: Actor, bot: Bot | None, a: int | None = None, b: int | None = None) -> None:
        """Asks for it and says yes to it at once."""
        a, b = self._steps % 3 if a is None else a, self._steps % 8 if b is None else b
        outcome = self._ask(kind, who, bot, a, b, 0)
        if isinstance(outcome, ProposalCard):
            self._confirm(outcome.proposal.id, outcome.proposal.hash, who, 0)

    def _watch(self) -> None:
        if not self.is_blind:
            self.world.watch()

    def _let_time_pass(self, seconds: float) -> None:
        self._land_what_is_late(seconds)
        self.world.clock.pass_by(seconds)
        if seconds > 20:
            self._watch()

    def _move_price(self, pair: str, factor: Decimal) -> None:
        price = self.world.prices[pair] * factor
        self.world.prices[pair] = round(min(max(price, Decimal(1)), Decimal(10_000)), 4)

    def _ask(self, kind: str, who: Actor, bot: Bot | None, a: int, b: int, stall: int, key: str | None = None) -> Any:
        made = make_action(kind, bot, a, b, self.world.prices[PAIRS[a % 4]])
        blocked = sorted(self.world.api.book.read().blocked_pairs)
        if kind == "unblock_pair" and blocked and a < 6:
            made["pair"] = blocked[a % len(blocked)]
        deals = self.world.processes[bot.id].open_deals() if bot and made.get("trade_id") else []
        if deals and a < 6:
            made["trade_id"] = deals[b % len(deals)].id
        self.world.stall_in = stall - 4 if stall > 4 else None
        return self.world.note(self.world.run(self.world.api.gate.submit(made, who, key)))

    def _confirm(self, proposal: str, sent: str, who: Actor, stall: int) -> None:
        counts = self._hear(proposal, sent, who)
        self.world.stall_in = stall - 4 if stall > 4 else None
        outcome = self.world.note(self.world.run(self.world.api.gate.confirm(proposal, sent, who)))
        if isinstance(outcome, ReceiptCard | ProposalCard):
            must(counts, "a yes that must not count did", who=who, proposal=proposal)
            self.tally.count("proposals confirmed")

    def _hear(self, proposal: str, sent: str, who: Actor) -> bool:
        return self.world.witness.hear(proposal, sent, who)

    def _pick(self, pick: int, *statuses: str) -> str | None:
        found = self.world.witness.find(*statuses)
        if not found:
            return None
        picked = found[pick % len(found)]
        if picked not in self.world.witness.shown:
            self.world.witness.show(self.world.reader.read(picked))
        return picked

    def _bot(self, kind: str, number: int) -> Bot | None:
        """Mostly one to which that can be done; now and then any, or one that there is not."""
        bots = list(self.world.bots().values())
        suited = [bot for bot in bots if self._suits(kind, bot)] if number < 12 else bots
        found = suited or bots
        return None if number == 15 or not found else found[number % len(found)]

    def _suits(self, kind: str, bot: Bot) -> bool:
        is_up, held = self.world.client(bot.id) is not None, self.world.witness.held()
        match kind:
            case "start_bot":
                return bot.state is not State.RUNNING or not is_up
            case "resume_bot":
                return bot.state is State.PAUSED and is_up
            case "pause_bot" | "force_entry":
                return bot.state is State.RUNNING and is_up and bot.id not in held
            case "stop_bot":
                return bot.state in (State.RUNNING, State.PAUSED)
            case "delete_bot" | "change_mode":
                return bot.state in (State.CREATED, State.STOPPED)
            case "cancel_order" | "force_exit":
                return is_up and bool(self.world.processes[bot.id].open_deals())
            case "lock_pair" | "unlock_pair":
                return is_up
        return True

    def _trading(self, number: int) -> Bot | None:
        """One whose process runs; mostly one that may enter."""
        up = [bot for bot in self.world.bots().values() if self.world.processes[bot.id].is_up]
        running = [bot for bot in up if bot.state is State.RUNNING]
        bots = (running if number < 6 else up) or up
        return bots[number % len(bots)] if bots else None

    def _deals(self, number: int, every: bool) -> list[tuple[BotProcess, Deal]]:
        """One open trade of a bot, or all of all bots that are up."""
        bots = [self.world.processes[bot.id] for bot in self.world.bots().values()]
        found = [(process, deal) for process in bots if process.is_up for deal in process.open_deals()]
        return found if every or not found else [found[number % len(found)]]

    def _order(self, bot: Bot, pair: str, size: Decimal, rate: Decimal) -> Order:
        price = self.world.prices[pair]
        amount = (bot.spec.stake * size / price).quantize(Decimal("1e-8"))
        kind = "market" if rate == 1 else "limit"
        return Order(bot_id=bot.id, pair=pair, side="buy", type=kind, amount=amount, rate=price * rate)  # type: ignore[arg-type]

    def _land(self, process: BotProcess, flight: Any, fate: str) -> None:
        permits = self.world.api.permits
        match fate:
            case "flies":
                return
            case "fails" | "fails untold":
                process.flights.remove(flight)
                if fate == "fails":
                    self._tell(lambda: permits.failed(process.id, flight.permit))
            case _:
                process.place(flight)
                if fate == "lands":
                    self._tell(lambda: permits.placed(process.id, flight.permit, flight.order_id))
                process.commit(flight)

    def _tell(self, tell: Callable[[], None]) -> None:
        """A bot's word that may reach nobody."""

        async def told() -> None:
            tell()

        self.world.run(told())

    def _land_what_is_late(self, seconds: float) -> None:
        """No order is on its way for longer than a minute."""
        late = self.world.clock.steady() + seconds - 60
        for process in self.world.processes.values():
            for flight in [one for one in process.flights if one.begun < late]:
                process.commit(flight)
