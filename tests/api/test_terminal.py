import re
from decimal import Decimal
from typing import cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from agent.words import LANGUAGES, Language
from api.terminal.cards import _RENDERERS, render
from api.terminal.limits import show_limit
from api.terminal.plain import Unmarked, clean
from api.terminal.proposal import list_proposals
from api.terminal.tables import as_said
from tests.api.guard_samples import GUARD, HASH, LOOSENING, TAINTED
from tests.api.samples import BOT, CARDS, HOSTILE, LIMITS, WIDE_BOT, WIDE_TRADE
from tools.cards import BotsCard, Card, GuardCard, LimitsCard, ProposalCard, TradesCard


def drawn(card: Card, language: Language = "en", width: int = 120) -> str:
    console = Console(width=width, force_terminal=False, color_system=None)
    with console.capture() as shown:
        console.print(render(card, language))
    return shown.get()


def kinds() -> set[str]:
    return {get_args(card.model_fields["kind"].annotation)[0] for card in get_args(get_args(Card)[0])}


def test_renderers_when_compared_with_the_cards_then_there_is_one_for_each() -> None:
    assert set(_RENDERERS) == kinds()


def test_samples_when_compared_with_the_cards_then_there_is_one_for_each() -> None:
    assert {card.kind for card in CARDS} == kinds()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.kind)
def test_render_when_a_card_is_shown_then_it_is_text_without_missing_words(card: Card, language: Language) -> None:
    text = drawn(card, language)
    assert (
        re.findall(
            r"\b(?:column|limit|mode|state|health|venue|refusal|problem|trade|card|cli|proposal|taint|panic|guard|switch|action|field)\.[a-zA-Z_]+",
            text,
        )
        == []
    )


@pytest.mark.parametrize("card", HOSTILE, ids=lambda card: card.kind)
def test_render_when_data_looks_like_markup_or_drives_terminals_then_it_is_shown_as_text(card: Card) -> None:
    text = drawn(card)
    assert "[/x]" in text
    assert [char for char in text if clean(char) != char] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_render_when_eighty_columns_are_there_then_no_number_is_cut(language: Language) -> None:
    bots, trades = (
        BotsCard(bots=(WIDE_BOT,)),
        TradesCard(bot_id=BOT.id, bot_name="alpha", stake_currency="USDT", trades=(WIDE_TRADE,)),
    )
    for card, numbers in (
        (bots, ("12,345.67 / 100,000.00", "▲ +1,234.56 USDT")),
        (trades, ("12,345.67", "103,668.12345678", "103,999.12345678", "▼ -1,234.56", "(-12.34 %)", "12:00:00")),
        (LimitsCard(limits=LIMITS), ("1,000.00", "500.00", "DOGE/USDT", "250.00", "12.50", "40.00", "ETH/USDT")),
        (GuardCard(guard=GUARD), ("12,345.67", "2026-01-01 12:00:00 UTC", "120")),
        (ProposalCard(proposal=LOOSENING), ("1,500.00", "150", HASH, "DOGE/USDT", LOOSENING.id)),
    ):
        text = drawn(card, language, 80)
        if language == "pt-BR":
            text = re.sub(r"(?<=\d)[.,](?=\d)", lambda mark: ".,"[mark[0] == "."], text)
        assert max(map(len, text.splitlines())) <= 80
        assert [number for number in (*numbers, "…") if (number in text) == (number == "…")] == [], text


def test_list_proposals_when_several_are_of_a_kind_then_each_shows_what_tells_it_apart() -> None:
    entry = {"kind": "force_entry", "bot_id": BOT.id, "pair": "BTC/USDT", "stake": "1234.5", "price": None}
    start = {"kind": "start_bot", "bot_id": BOT.id, "paused": False}
    changes = {"kind": "set_bot_limits", "bot_id": BOT.id, "changes": {"max_trade": "1500"}}
    none: dict[str, object] = {"numbers": {}, "effect": None, "preview": None, "why": "tainted"}
    proposals = [
        LOOSENING,
        LOOSENING.model_copy(update={"numbers": {"limit": "max_daily_loss", "from": "100", "to": "1250.5"}}),
        LOOSENING.model_copy(update={"action": changes, "action_kind": "set_bot_limits", "bot_name": "beta"} | none),
        LOOSENING.model_copy(update={"action": entry, "action_kind": "force_entry", "bot_name": "alpha"} | none),
        LOOSENING.model_copy(update={"action": start, "action_kind": "start_bot", "bot_name": "alpha"} | none),
        TAINTED,
    ]
    console = Console(width=200, force_terminal=False, color_system=None)
    for language, told in (
        ("en", ("largest trade: 100 → 150", "daily loss: 100 → 1,250.5", "blocked pairs: DOGE/USDT", "beta",
                "largest trade: 1,500", "alpha", "pair: BTC/USDT", "amount per trade: 1,234.5", "name: beta")),
        ("pt-BR", ("maior operação: 100 → 150", "perda do dia: 100 → 1.250,5", "valor por operação: 1.234,5")),
    ):  # fmt: skip
        with console.capture() as shown:
            console.print(list_proposals(proposals, cast("Language", language)))
        assert [one for one in told if one not in shown.get()] == [], shown.get()
        assert "paus" not in shown.get()


@pytest.mark.parametrize(("paused", "row"), [(False, None), (True, "starts paused  on")])
def test_render_when_a_start_waits_then_paused_is_said_in_words_and_only_where_it_is(
    paused: bool, row: str | None
) -> None:
    action = {"kind": "start_bot", "bot_id": BOT.id, "paused": paused}
    card = ProposalCard(proposal=TAINTED.model_copy(update={"action": action, "action_kind": "start_bot"}))
    assert [line for line in drawn(card).splitlines() if "paused" in line] == (
        [] if row is None else [line for line in drawn(card).splitlines() if row in line]
    )
    assert row is None or row in drawn(card)


def test_render_when_the_reader_is_brazilian_then_amounts_are_written_as_there() -> None:
    assert "1.000,00" in drawn(LimitsCard(limits=LIMITS), "pt-BR")
    assert (show_limit(Decimal("1234.5"), "pt-BR"), show_limit(5000, "pt-BR")) == ("1.234,50", "5.000")
    assert (show_limit(Decimal("1234.5"), "en"), show_limit(5000, "en")) == ("1,234.50", "5,000")
    assert as_said({"max": "1234.5", "name": "1000", "pair": "BTC/USDT"}, "pt-BR") == {
        "max": "1.234,5",
        "name": "1000",
        "pair": "BTC/USDT",
    }


def test_render_when_a_number_is_wider_than_the_terminal_then_it_is_folded_and_nothing_is_lost() -> None:
    trade = WIDE_TRADE.model_copy(update={"entry_rate": Decimal("1234567890123456.12345678")})
    card = TradesCard(bot_id=BOT.id, bot_name="alpha", stake_currency="USDT", trades=(trade,))
    shown = re.sub(r"[^0-9.]", "", drawn(card, width=20))
    assert set("1234567890123456.12345678") <= set(shown)
    assert "…" not in drawn(card, width=20)


@given(
    st.data(), st.sampled_from(["Created **ada** (*now*): **[/x]**.", "2 * 3 is 2*3", "- *a*\n- **b**", "***", "a **b"])
)
def test_unmarked_when_cut_anywhere_then_emphasis_is_gone_and_other_asterisks_stay(
    data: st.DataObject, text: str
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
    stream = Unmarked()
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    shown = "".join([stream.feed(piece) for piece in pieces] + [stream.end()])
    assert (
        shown
        == {
            "Created **ada** (*now*): **[/x]**.": "Created ada (now): [/x].",
            "2 * 3 is 2*3": "2 * 3 is 2*3",
            "- *a*\n- **b**": "- a\n- b",
            "***": "***",
            "a **b": "a b",
        }[text]
    )


def test_unmarked_when_a_model_sends_control_characters_then_they_are_gone() -> None:
    stream = Unmarked()
    assert stream.feed("a\x1b[2Jb\x07\u202ec\td\r\n") + stream.end() == "a[2Jbc d\n"
