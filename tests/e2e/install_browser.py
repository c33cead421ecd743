"""Makes a Chromium available for the browser tests: one that is installed, or Debian's, or Playwright's own."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """The path of an installed Chromium; `TRADEHELM_CHROMIUM` names another."""
    return os.environ.get("TRADEHELM_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def install_browser() -> bool:
    """Whether one could be installed by the system's packages, or by Playwright."""
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways.insert(0, ["sh", "-c", "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium"])
    return any(subprocess.run(way, check=False, stdout=subprocess.DEVNULL).returncode == 0 for way in ways)


if __name__ == "__main__":
    if find_browser() is None and not install_browser():
        sys.stderr.write("No Chromium was found or could be installed: the browser tests will be skipped.\n")
