"""The page as a person uses it."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import PHONE, SHOTS, Opening, say
from tests.first_light import CLOSED_WITHIN_S, PORTUGUESE
from tests.stack import Browserless

pytestmark = [pytest.mark.integration, pytest.mark.e2e]

SPOKEN: list[str] = []
"""The address of the conversation in which the sentence was said through the page."""


async def test_page_when_the_sentence_is_said_in_portuguese_then_the_bot_runs(opening: Opening) -> None:
    async with opening("/chat", locale="pt-BR") as page:
        await say(page, PORTUGUESE)
        await expect(page.get_by_test_id("card-receipt")).to_have_count(2, timeout=60_000)
        await expect(page.get_by_test_id("message-assistant").last).to_contain_text("Criei")
        await expect(page.get_by_test_id("desk").get_by_test_id("bot-row").first).to_be_visible()
        SPOKEN.append(page.url.removeprefix(await page.evaluate("location.origin")))
    assert re.fullmatch(r"/chat/[0-9a-f]{32}", SPOKEN[0])


@pytest.mark.waits
async def test_page_when_the_trade_closes_then_its_card_says_so(opening: Opening) -> None:
    assert SPOKEN, "the sentence was not said"
    async with opening(SPOKEN[0], locale="pt-BR") as page:
        closed = page.get_by_role("article", name="operação encerrada")
        await expect(closed.first).to_be_visible(timeout=CLOSED_WITHIN_S * 1000)
        await expect(page.get_by_test_id("recent-trades").get_by_test_id("trade-row").first).to_be_visible()
        await page.screenshot(path=SHOTS / "first-light.png")


async def test_page_when_refused_then_the_card_tells_the_numbers_and_the_nearest_that_is_allowed(
    opening: Opening,
) -> None:
    async with opening("/chat", locale="en-US") as page:
        await say(page, "create a bot trading BTC/USDT with 5000 USDT per trade")
        card = page.get_by_test_id("card-refusal")
        await expect(card).to_contain_text("5,000")
        await expect(card).to_contain_text("100")


async def test_page_when_two_tabs_are_open_then_both_show_what_one_says(opening: Opening) -> None:
    async with opening("/chat", locale="en-US") as page:
        await say(page, "what are my limits?")
        await expect(page.get_by_test_id("card-limits")).to_be_visible()
        other = await page.context.new_page()
        await other.goto(page.url)
        await expect(other.get_by_test_id("card-limits")).to_be_visible()
        await say(page, "list my bots")
        await expect(other.get_by_test_id("card-bots")).to_be_visible()


async def test_page_when_the_network_drops_then_it_catches_up(opening: Opening, api: Browserless) -> None:
    async with opening("/chat", locale="en-US") as page:
        await say(page, "what are my limits?")
        await expect(page.get_by_test_id("card-limits")).to_be_visible()
        await page.context.set_offline(True)
        api.say(page.url.rpartition("/")[2], "list my bots")
        await page.context.set_offline(False)
        await expect(page.get_by_test_id("card-bots")).to_be_visible(timeout=30_000)
        await expect(page.get_by_test_id("card-limits")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/chat", "/desk", "/bots", "/guard", "/live"])
async def test_page_when_on_a_phone_then_nothing_scrolls_sideways(opening: Opening, address: str, scheme: str) -> None:
    async with opening(address, viewport=PHONE, color_scheme=scheme) as page:
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
        dark = await page.evaluate("document.documentElement.classList.contains('dark')")
        assert dark == (scheme == "dark")


async def test_page_when_the_language_is_switched_then_it_speaks_it_and_remembers(opening: Opening) -> None:
    async with opening("/guard", locale="en-US") as page:
        await expect(page.get_by_role("heading").first).to_be_visible()
        await page.get_by_test_id("language-switch").click()
        await expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("lang", "pt-BR")


async def test_page_when_a_limit_is_loosened_then_it_waits_and_can_be_taken_back(opening: Opening) -> None:
    async with opening("/guard", locale="en-US") as page:
        await page.get_by_test_id("edit-limits").first.click()
        await page.get_by_test_id("limit-max_daily_loss").fill("101")
        await expect(page.get_by_test_id("limits-summary").get_by_test_id("preview")).to_be_visible()
        await page.get_by_test_id("limits-save").click()
        card = page.get_by_test_id("proposal-dialog").get_by_test_id("card-proposal")
        await card.get_by_test_id("proposal-confirm").click()
        await expect(card).to_have_attribute("data-status", "waiting")
        await expect(card.get_by_test_id("countdown")).to_contain_text(re.compile(r"9:5\d|10:00"))
        await card.get_by_test_id("proposal-deny").click()
        await expect(card).to_have_attribute("data-status", "denied")


async def test_page_when_text_from_outside_was_read_then_a_change_waits_for_a_word_in_every_tab(
    opening: Opening, api: Browserless
) -> None:
    async with opening("/chat", locale="en-US") as page:
        await say(page, "show the source of RsiMeanReversion")
        await expect(page.get_by_test_id("card-taint")).to_be_visible()
        await say(page, 'create a bot called "Told by a stranger" for BTC/USDT with 20 USDT per trade')
        card = page.get_by_test_id("messages").get_by_test_id("card-proposal")
        await expect(card).to_have_attribute("data-status", "pending")
        assert not _has_bot(api, "Told by a stranger")
        other = await page.context.new_page()
        await other.goto(page.url)
        await other.get_by_test_id("messages").get_by_test_id("proposal-confirm").click()
        await expect(card).to_have_attribute("data-status", "done")
        assert _has_bot(api, "Told by a stranger")


@pytest.mark.waits
async def test_page_when_panic_is_pressed_then_every_screen_says_so_until_a_person_lifts_it(
    opening: Opening, api: Browserless
) -> None:
    """Runs last: it pauses the bots whose trades other tests wait for."""
    async with opening("/bots", locale="en-US") as page:
        await page.get_by_test_id("panic-button").click()
        await page.get_by_test_id("panic-stop").click()
        banner = page.get_by_test_id("panic-banner")
        await expect(banner).to_contain_text("browser")
        assert all(bot["state"] != "RUNNING" for bot in api.get("/bots"))
        await banner.get_by_test_id("panic-lift").click()
        await page.get_by_test_id("proposal-dialog").get_by_test_id("proposal-confirm").click()
        await expect(banner).to_have_count(0)


def _has_bot(api: Browserless, name: str) -> bool:
    return any(bot["spec"]["name"] == name for bot in api.get("/bots"))
