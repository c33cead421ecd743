"""Where the exchange's key comes from, and that nobody else reads it out of the process."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from tools.gateway.errors import ConfigurationError
from tools.gateway.secrecy import find_proxy, read_keys

PR_GET_DUMPABLE = 3


def test_read_keys_when_in_both_places_then_the_environment_wins(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    assert read_keys({}, dotenv) is None
    dotenv.write_text("BINANCE_API_KEY=\"k1\"  # mine\nexport BINANCE_API_SECRET='s1'\nOTHER=x\n")
    keys = read_keys({}, dotenv)
    assert keys is not None
    assert (keys.key, keys.secret) == ("k1", "s1")
    keys = read_keys({"BINANCE_API_KEY": "k2", "BINANCE_API_SECRET": ""}, dotenv)
    assert keys is not None
    assert (keys.key, keys.secret) == ("k2", "s1")
    dotenv.unlink()
    with pytest.raises(ConfigurationError, match="BINANCE_API_SECRET is not"):
        read_keys({"BINANCE_API_KEY": "k"}, dotenv)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
def test_make_undumpable_when_called_then_the_kernel_says_so() -> None:
    script = (
        "import ctypes; from tools.gateway.secrecy import make_undumpable; make_undumpable(); "
        f"print(ctypes.CDLL(None).prctl({PR_GET_DUMPABLE}, 0, 0, 0, 0))"
    )
    root = Path(__file__).resolve().parents[3]
    told = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "0"
    assert ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1


def test_find_proxy_when_the_environment_names_one_then_it_is_used_but_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert find_proxy("https://api.binance.com") == "http://proxy:3128"
    assert find_proxy("https://127.0.0.1:1") is None
    assert find_proxy("http://elsewhere:1") is None
