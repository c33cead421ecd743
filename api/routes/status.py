"""Whether it lives, and what it stands on."""

from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from agent.words import Language
from api.auth import Reader
from api.routes import Deps
from tools.errors import Problem
from tools.views import VenueView

router = APIRouter(tags=["status"])


class HealthView(BaseModel):
    status: Literal["ok"] = "ok"
    version: str


class ModelView(BaseModel):
    name: str
    offline: bool


class HostView(BaseModel):
    warm: bool
    """Whether bots start at once; the first seconds after a cold start they wait for Freqtrade's imports."""


class StatusView(BaseModel):
    version: str
    venue: VenueView
    model: ModelView
    host: HostView
    language: Language
    stake_currency: str


@router.get("/health")
async def read_health() -> HealthView:
    """Open to anyone; says nothing but that the API answers."""
    return HealthView(version=version("tradehelm"))


@router.get("/api/status")
async def read_status(_: Reader, services: Deps) -> StatusView:
    return StatusView(
        version=version("tradehelm"),
        venue=await _read_venue(services),
        model=ModelView(name=services.model.name, offline=services.model.offline),
        host=HostView(warm=services.is_warm()),
        language=services.settings.language,
        stake_currency=services.settings.stake_currency,
    )


async def _read_venue(services: Deps) -> VenueView:
    venue = services.source.venue
    try:
        pairs, synthetic, reachable = (
            tuple(await services.source.read_rules()),
            await services.source.is_synthetic(),
            True,
        )
    except Problem:
        pairs, synthetic, reachable = (), False, False
    return VenueView(name=venue.name, synthetic=synthetic, reachable=reachable, chosen=venue.chosen, pairs=pairs)
