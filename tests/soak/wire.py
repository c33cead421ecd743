"""Ways to ask and to wait, and where a run keeps what it makes."""

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from tools.credentials import Credentials
from tools.gateway.orders.keys import sign


@contextmanager
def kept_if_broken(prefix: str) -> Iterator[Path]:
    """A folder that stays where something went wrong, so that it can be looked at. SIGTERM ends things in order too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    except BaseException:
        sys.stderr.write(f"what was found is kept in {folder}\n")
        raise
    shutil.rmtree(folder)


def send(url: str, mine: Credentials, method: str, path: str, params: dict[str, str]) -> httpx.Response:
    payload = urlencode({**params, "timestamp": str(time.time_ns() // 1_000_000)})
    payload += "&signature=" + sign(mine.secret, payload.encode())
    headers = {"X-MBX-APIKEY": mine.key}
    return httpx.request(method, f"{url}{path}?{payload}", headers=headers, timeout=15, trust_env=False)


def wait_for(done: Callable[[], Any], timeout_s: float) -> Any:
    """The first truth that `done` tells, or None where the time is over."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := done():
            return found
        time.sleep(0.1)
    return None


def get(url: str, **query: str) -> Any:
    """What is answered; None where nothing is, or a refusal."""
    with suppress(httpx.HTTPError):
        answer = httpx.get(url, params=query, timeout=5, trust_env=False)
        return answer.json() if answer.is_success else None
    return None


def tell_refusal(answer: httpx.Response) -> str:
    """What a refusal is about, in few words."""
    with suppress(ValueError, AttributeError):
        content = answer.json()
        numbers = content.get("numbers") or {}
        return f"{answer.status_code} {content.get('rule') or content.get('kind') or content} {numbers}"
    return f"{answer.status_code} {answer.text[:200]}"
