"""Serves the app with uvicorn."""

import logging

import structlog
import uvicorn
from structlog.typing import Processor

from api.app import create_app
from api.settings import Settings


def run_server(settings: Settings) -> None:
    """Until it is told to end; open streams are given three seconds."""
    _log_structured(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
        server_header=False,
    )


def _log_structured(level: str) -> None:
    """One line of JSON for each record, from whichever library it comes."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for quiet in ("httpx", "httpcore", "httpx2", "alembic"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
