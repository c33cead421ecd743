"""Writes the API's schema for the web app's generated client: `python -m api.openapi FILE`."""

import json
import sys
from pathlib import Path

from api.app import create_app
from api.settings import Settings


def write_schema(path: Path) -> None:
    """Writes the OpenAPI document, always the same bytes for the same API."""
    schema = create_app(Settings(_env_file=None)).openapi()
    schema["info"]["version"] = "0"
    path.write_text(json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_schema(Path(sys.argv[1]))
