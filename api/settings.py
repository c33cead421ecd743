"""All settings, from the environment or `.env`; read here and nowhere else."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.model import ModelSettings
from agent.words import Language
from tools.market.venues import Venue, choose_venue

ROOT = Path(__file__).resolve().parent.parent
EXCHANGE_KEYS = ("BINANCE_API_KEY", "BINANCE_API_SECRET")
"""Read by the gateway alone, and by nothing here."""


def _plain(name: str) -> AliasChoices:
    """A provider's own variable, without our prefix."""
    return AliasChoices(name)


class Settings(BaseSettings):
    """Every setting with its default; `docs/settings.md` says what each is for."""

    model_config = SettingsConfigDict(
        env_prefix="TRADEHELM_", env_file=".env", extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    data_dir: Path = Path("data")
    language: Language = "en"
    owner_password: SecretStr | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    venue: Literal["auto", "binance", "binance-testnet", "demo"] = "auto"
    venue_chosen: Literal["set", "auto"] = "set"
    stake_currency: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,10}$")] = "USDT"
    proposal_expires_s: Annotated[int, Field(ge=30, le=86_400)] = 600
    loosening_wait_s: Annotated[int, Field(ge=60, le=7 * 86_400)] = 600
    strategies_dir: Path = ROOT / "strategies"

    gateway_port: Annotated[int, Field(ge=1, le=65535)] = 8082
    exchange_port: Annotated[int, Field(ge=1, le=65535)] = 8081
    exchange_source: Literal["synthetic", "replay"] = "synthetic"
    exchange_seed: int = 7
    exchange_data: Path | None = None
    exchange_at: str | None = None

    model: str = "offline"
    model_timeout_s: Annotated[float, Field(gt=0, le=600)] = 120
    openai_api_key: SecretStr | None = Field(default=None, validation_alias=_plain("OPENAI_API_KEY"))
    openai_base_url: str | None = Field(default=None, validation_alias=_plain("OPENAI_BASE_URL"))
    anthropic_api_key: SecretStr | None = Field(default=None, validation_alias=_plain("ANTHROPIC_API_KEY"))
    ollama_base_url: str | None = Field(default=None, validation_alias=_plain("OLLAMA_BASE_URL"))

    web_dir: Path = ROOT / "web-chat" / "dist"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def database(self) -> Path:
        return self.data_dir / "tradehelm.sqlite"

    @property
    def exchange_url(self) -> str:
        return f"http://127.0.0.1:{self.exchange_port}"

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.gateway_port}"

    async def choose_venue(self, via: str | None = None) -> Venue:
        """Where prices come from; where nobody has chosen it yet, this asks whether Binance answers."""
        return await choose_venue(self.venue, self.exchange_url, self.venue_chosen, via)

    @property
    def model_settings(self) -> ModelSettings:
        return ModelSettings(
            name=self.model,
            openai_api_key=_reveal(self.openai_api_key),
            openai_base_url=self.openai_base_url,
            anthropic_api_key=_reveal(self.anthropic_api_key),
            ollama_base_url=self.ollama_base_url,
        )


def _reveal(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
