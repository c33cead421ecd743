"""Thin: each route reads the request, asks a room, and answers."""

from typing import Annotated

from fastapi import Depends, Request

from api.services import Services


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Deps = Annotated[Services, Depends(_services)]
