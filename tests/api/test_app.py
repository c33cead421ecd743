import subprocess
import sys

HEAVY = ("freqtrade", "ccxt", "talib", "pandas", "pandas_ta", "numpy")


def test_app_when_made_then_nothing_heavy_is_imported_and_nothing_is_started() -> None:
    script = (
        "import sys, threading\n"
        "from api.app import create_app\n"
        "from api.settings import Settings\n"
        "create_app(Settings(_env_file=None))\n"
        f"print([name for name in {HEAVY} if name in sys.modules], threading.active_count())\n"
    )
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[] 1"
