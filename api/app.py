"""The app: routes, errors and the page; what it works with is built by its lifespan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api import errors, unreadable
from api.routes import (
    audit,
    bots,
    conversations,
    desk,
    docs,
    events,
    guard,
    limits,
    market,
    orders,
    proposals,
    session,
    status,
    strategies,
)
from api.services import open_services
from api.settings import Settings
from api.web import mount_page

ROUTERS = (
    session,
    status,
    bots,
    orders,
    strategies,
    desk,
    conversations,
    events,
    limits,
    guard,
    proposals,
    market,
    audit,
    docs,
)


def create_app(settings: Settings) -> FastAPI:
    """An app that starts nothing until it is served."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services(settings) as services:
            app.state.services = services
            yield

    app = FastAPI(
        title="Tradehelm",
        version=version("tradehelm"),
        lifespan=lifespan,
        docs_url=None,
        openapi_url=None,
        redoc_url=None,
        generate_unique_id_function=_name_operation,
        responses={"default": {"model": errors.ErrorBody, "description": "What is wrong and how to mend it"}},
    )
    app.state.settings = settings
    errors.install(app)
    unreadable.install(app)
    for module in ROUTERS:
        app.include_router(module.router)
    mount_page(app, settings.web_dir)
    return app


def _name_operation(route: APIRoute) -> str:
    return route.name
