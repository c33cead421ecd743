"""The audit as a person checks and takes it along: whatever was done to the file behind our back is found and named."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from tools.actions import PauseBot
from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.store.database import Store
from tools.store.seal import SEALED, seal

LINES = 20
FREE = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose audit has some lines, and in which nothing runs."""
    monkeypatch.setenv("TRADEHELM_DATA_DIR", str(tmp_path))
    store = Store(tmp_path / "tradehelm.sqlite")
    store.migrate()
    audit = Audit(store)
    for number in range(LINES):
        audit.write(
            f"{number:032}",
            "judged",
            PauseBot(bot_id="0" * 12),
            Actor(door="web"),
            verdict="allow",
            numbers={"é": str(number)},
        )
    store.close()
    return tmp_path


def tradehelm(*words: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, list(words))
    return told.exit_code, told.output


def tamper(folder: Path, script: str) -> None:
    with closing(sqlite3.connect(folder / "tradehelm.sqlite")) as database, database:
        database.executescript(script)


def seal_again(folder: Path, line: int) -> None:
    """As one would who knows how lines are sealed, and seals a changed one anew."""
    with closing(sqlite3.connect(folder / "tradehelm.sqlite")) as database, database:
        database.row_factory = sqlite3.Row
        row = dict(database.execute("SELECT * FROM audit WHERE id = ?", (line,)).fetchone())
        for name in ("action", "actor", "numbers", "receipt"):
            row[name] = json.loads(row[name]) if row[name] else None
        row["at"] = f"{row['at'].replace(' ', 'T')}+00:00"
        database.execute("UPDATE audit SET seal = ? WHERE id = ?", (seal(row), line))


def test_verify_when_the_audit_is_whole_then_says_so_and_ends_with_zero(folder: Path) -> None:
    code, told = tradehelm("audit", "verify")
    assert (code, str(LINES) in told) == (0, True), told


def test_lines_when_someone_changes_one_then_the_database_itself_says_no(folder: Path) -> None:
    for change in ("UPDATE audit SET verdict = 'refuse' WHERE id = 3", "DELETE FROM audit WHERE id = 3"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            tamper(folder, change)


@pytest.mark.parametrize(
    ("script", "line", "what"),
    [
        ("UPDATE audit SET verdict = 'refuse' WHERE id = 7", 7, "edited"),
        ('UPDATE audit SET numbers = \'{"é": "8"}\' WHERE id = 7', 7, "edited"),
        ("UPDATE audit SET action = '{' WHERE id = 7", 7, "edited"),
        ("UPDATE audit SET at = 'yesterday' WHERE id = 7", 7, "edited"),
        ("UPDATE audit SET at = '2026-01-01 00:00:00.000000' WHERE id = 1", 1, "edited"),
        ("UPDATE audit SET seal = '0' WHERE id = 7", 7, "edited"),
        (f"UPDATE audit SET verdict = 'refuse' WHERE id = {LINES}", LINES, "edited"),
        ("DELETE FROM audit WHERE id = 7", 7, "removed"),
        ("DELETE FROM audit WHERE id = 1", 1, "removed"),
        (f"DELETE FROM audit WHERE id = {LINES}", LINES, "cut"),
        (f"DELETE FROM audit WHERE id > {LINES - 5}", LINES - 4, "cut"),
        ("DELETE FROM audit", 1, "cut"),
        (
            "UPDATE audit SET id = 900 WHERE id = 7; UPDATE audit SET id = 7 WHERE id = 8; "
            "UPDATE audit SET id = 8 WHERE id = 900",
            8,
            "reordered",
        ),
        (f"DELETE FROM audit WHERE id = {LINES}; UPDATE audit_head SET line = {LINES - 1}", LINES, "cut"),
    ],
)
def test_verify_when_the_file_was_changed_behind_our_back_then_names_the_line_and_ends_with_one(
    folder: Path, script: str, line: int, what: str
) -> None:
    tamper(folder, FREE + script)
    code, told = tradehelm("audit", "verify")
    words = {"edited": "was edited", "removed": "was removed", "reordered": "was moved", "cut": "were cut off"}
    assert code == 1, told
    assert [each for each in told.splitlines() if f"Line {line} " in each and words[what] in each], told


def test_verify_when_a_changed_line_was_sealed_anew_then_it_is_named_all_the_same(folder: Path) -> None:
    tamper(folder, FREE + "UPDATE audit SET verdict = 'refuse' WHERE id = 7")
    seal_again(folder, 7)
    code, told = tradehelm("audit", "verify", "--language", "pt-BR")
    assert (code, "A linha 7 foi editada." in told) == (1, True), told


@pytest.mark.parametrize("command", [["audit", "verify"], ["audit", "export"]])
def test_audit_when_there_is_no_database_or_another_file_then_one_message_and_exit_code_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("TRADEHELM_DATA_DIR", str(tmp_path))
    assert tradehelm(*command)[0] == 2
    (tmp_path / "tradehelm.sqlite").write_text("not a database, and long enough not to be an empty one" * 20)
    code, told = tradehelm(*command)
    assert (code, told.count("\n"), "Traceback" in told) == (2, 1, False), told


def test_verify_when_it_reads_then_not_a_byte_of_the_database_changes(folder: Path) -> None:
    before = (folder / "tradehelm.sqlite").read_bytes()
    (folder / "tradehelm.sqlite").chmod(0o400)
    assert tradehelm("audit", "verify")[0] == 0
    assert (folder / "tradehelm.sqlite").read_bytes() == before


@pytest.mark.parametrize("to_file", [True, False])
def test_export_when_asked_for_then_every_line_is_json_and_can_be_verified_elsewhere(
    folder: Path, tmp_path: Path, to_file: bool
) -> None:
    out = tmp_path / "audit.jsonl"
    code, told = tradehelm("audit", "export", *(("--out", str(out)) if to_file else ()))
    lines = [json.loads(line) for line in (out.read_text() if to_file else told).splitlines()]
    assert (code, [line["id"] for line in lines]) == (0, list(range(1, LINES + 1)))
    assert set(lines[0]) == {*SEALED, "seal"}
    assert [line["seal"] for line in lines] == [seal(line) for line in lines]
    assert [line["previous"] for line in lines] == ["", *(line["seal"] for line in lines[:-1])]


def test_export_when_the_file_cannot_be_written_then_says_so(folder: Path) -> None:
    code, told = tradehelm("audit", "export", "--out", str(folder / "no" / "such" / "folder"))
    assert (code, "No such file" in told) == (1, True), told
