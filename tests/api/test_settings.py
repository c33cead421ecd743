import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))


def variables() -> set[str]:
    return {
        str(field.validation_alias.choices[0]) if field.validation_alias else f"TRADEHELM_{name.upper()}"  # type: ignore[union-attr]
        for name, field in Settings.model_fields.items()
    }


def test_settings_when_documented_then_exactly_those_that_there_are() -> None:
    assert variables() == DOCUMENTED


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("TRADEHELM_PORT", "99999", "65535"),
        ("TRADEHELM_VENUE", "kraken", "demo"),
        ("TRADEHELM_MODEL", "gpt-5", "openai-chat:NAME"),
        ("TRADEHELM_MODEL", "anthropic:some", "ANTHROPIC_API_KEY"),
        ("TRADEHELM_LANGUAGE", "fr", "pt-BR"),
    ],
)
def test_start_when_a_setting_is_wrong_then_78_and_one_message_names_it(
    tmp_path: Path, variable: str, value: str, told: str
) -> None:
    command = [sys.executable, "-m", "api.cli", "serve"]
    environment = {"PATH": "/usr/bin:/bin", "TRADEHELM_DATA_DIR": str(tmp_path / "data"), variable: value}
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 78
    assert len(ended.stderr.strip().splitlines()) == 1
    assert variable in ended.stderr
    assert told in ended.stderr
    assert not (tmp_path / "data").exists()
