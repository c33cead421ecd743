"""Serves the built page; any path that is not a file of it is the page itself, which routes on its own."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response

from tools.errors import Problem

NOT_BUILT = "<!doctype html><title>Tradehelm</title><p>The page is not built yet: run <code>make up</code>.</p>"
CLOSED = {
    "content-security-policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
"""The page runs its own scripts and talks to its own server; components and charts write styles of their own."""
FOREVER = {**CLOSED, "cache-control": "public, max-age=31536000, immutable"}
NOT_KEPT = {**CLOSED, "cache-control": "no-cache"}


def mount_page(app: FastAPI, folder: Path) -> None:
    """Serves the files of `folder`, and its `index.html` for the rest."""
    root = folder.resolve()

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> Response:
        if path.startswith(("api/", "health")):
            raise Problem("not_found", 404, what=f"/{path}")
        file = _find(root, path)
        if file is not None:
            return FileResponse(file, headers=FOREVER if path.startswith("assets/") else NOT_KEPT)
        index = root / "index.html"
        return FileResponse(index, headers=NOT_KEPT) if index.is_file() else HTMLResponse(NOT_BUILT, 503)


def _find(root: Path, path: str) -> Path | None:
    """A file of the page; None for a path that leads out of it, is none, or cannot be one."""
    try:
        file = (root / path).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError):
        return None
