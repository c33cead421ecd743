"""Serves the built page; any path that is not a file of it is the page itself, which routes on its own."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response

from tools.errors import Problem

NOT_BUILT = "<!doctype html><title>Tradehelm</title><p>The page is not built yet: run <code>make up</code>.</p>"
FOREVER = {"cache-control": "public, max-age=31536000, immutable"}
NOT_KEPT = {"cache-control": "no-cache"}


def mount_page(app: FastAPI, folder: Path) -> None:
    """Serves the files of `folder`, and its `index.html` for the rest."""
    root = folder.resolve()

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> Response:
        if path.startswith(("api/", "health")):
            raise Problem("not_found", 404, what=f"/{path}")
        file = (root / path).resolve()
        if file.is_file() and file.is_relative_to(root):
            return FileResponse(file, headers=FOREVER if path.startswith("assets/") else NOT_KEPT)
        index = root / "index.html"
        return FileResponse(index, headers=NOT_KEPT) if index.is_file() else HTMLResponse(NOT_BUILT, 503)
