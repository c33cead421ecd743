"""A real browser on the running product; each test opens its own, since a browser and an event loop go together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from tests.e2e.install_browser import find_browser
from tests.stack import PASSWORD, Stack

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path(__file__).resolve().parents[2] / "test-results"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}

Opening = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
def opening(stack: Stack) -> Opening:
    """Opens the page, signed in; anything that the page's own code throws fails the test."""
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium was found or could be installed")

    @asynccontextmanager
    async def open_page(address: str = "/", viewport: Any = None, **settings: Any) -> AsyncIterator[Page]:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            context = await browser.new_context(viewport=viewport or WIDE, **settings)
            page = await context.new_page()
            thrown: list[str] = []
            page.on("pageerror", lambda error: thrown.append(str(error)))
            await page.goto(stack.url + address)
            await page.get_by_test_id("sign-in-password").fill(PASSWORD)
            await page.get_by_test_id("sign-in-submit").click()
            await page.get_by_test_id("connection").wait_for()
            try:
                yield page
            finally:
                SHOTS.mkdir(exist_ok=True)
                await page.screenshot(path=SHOTS / "last.png")
                await browser.close()
            assert thrown == []

    return open_page


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("composer-input").fill(text)
    await page.get_by_test_id("send-button").click()
