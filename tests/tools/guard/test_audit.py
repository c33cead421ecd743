import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.tools.guard.samples import ID, MODEL, PERSON, spec
from tools.actions import CreateBot, PauseBot
from tools.guard.audit import Audit, Break
from tools.store.database import Store
from tools.store.seal import seal
from tools.store.tables import AuditRow

LINES = 8
Edit = Callable[[Any], None]


@pytest.fixture
def audit(store: Store) -> Audit:
    written = Audit(store)
    for number in range(LINES):
        action = PauseBot(bot_id=ID) if number % 2 else CreateBot(spec=spec())
        written.write(f"s{number}", "judged", action, PERSON, verdict="allow", numbers={"n": str(number)})
    return written


def tamper(audit: Audit, *statements: str) -> None:
    """What somebody can do who has the file: the triggers are the first thing to go."""
    with audit._store.engine.begin() as connection:
        for verb in ("update", "delete", "replace"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_no_{verb}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def reseal(audit: Audit, line: int) -> None:
    """Gives an edited line the seal that its content has now."""
    row = next(row for row in audit._rows() if row["id"] == line)
    tamper(audit, f"UPDATE audit SET seal = '{seal(row)}' WHERE id = {line}")


def breaks(audit: Audit) -> list[tuple[int, str]]:
    return [(one.line, one.what) for one in audit.verify().breaks]


def test_write_when_lines_are_added_then_each_seals_the_one_before(audit: Audit) -> None:
    rows = list(audit.read_all())
    assert [row["id"] for row in rows] == list(range(1, LINES + 1))
    assert [row["previous"] for row in rows] == ["", *(row["seal"] for row in rows[:-1])]
    assert len({row["seal"] for row in rows}) == LINES
    assert audit.verify().lines == LINES
    assert breaks(audit) == []


@pytest.mark.parametrize(
    "verb",
    [
        "UPDATE audit SET verdict = 'refuse'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1",
        "REPLACE INTO audit SELECT * FROM audit WHERE id = 1",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 8",
    ],
)  # fmt: skip
def test_write_when_somebody_would_change_lines_then_the_table_refuses(audit: Audit, verb: str) -> None:
    with (
        pytest.raises((IntegrityError, DatabaseError), match="only ever added"),
        audit._store.engine.begin() as connection,
    ):
        connection.exec_driver_sql(verb)
    assert breaks(audit) == []


def test_verify_when_nothing_was_written_then_nothing_is_wrong(store: Store) -> None:
    report = Audit(store).verify()
    assert (report.lines, report.breaks) == (0, ())


COLUMNS = {
    "submission": "'x'", "phase": "'done'", "action_kind": "'panic'", "risk": "'live'", "action": "'{\"a\": 1}'",
    "actor": "'{}'", "door": "'cli'", "verdict": "'refuse'", "rule": "'panic'", "numbers": "'{}'",
    "receipt": "'{}'", "at": "'2020-01-01 00:00:00'", "seal": "'00'", "previous": "'00'",
}  # fmt: skip


def test_columns_when_counted_then_every_column_is_tried() -> None:
    assert {*COLUMNS, "id"} == set(AuditRow.model_fields)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("line", [1, 4, LINES])
def test_verify_when_a_line_is_edited_then_names_it(audit: Audit, column: str, line: int) -> None:
    tamper(audit, f"UPDATE audit SET {column} = {COLUMNS[column]} WHERE id = {line}")
    assert breaks(audit)[0] == (line, "edited")
    assert {one for one, _ in breaks(audit)} <= {line, line + 1}


@pytest.mark.parametrize("line", [1, 4, LINES])
def test_verify_when_an_edited_line_is_sealed_again_then_still_names_it(audit: Audit, line: int) -> None:
    tamper(audit, f"UPDATE audit SET verdict = 'refuse' WHERE id = {line}")
    reseal(audit, line)
    assert breaks(audit) == [(line, "edited")]


@pytest.mark.parametrize("line", range(1, LINES))
def test_verify_when_a_line_is_removed_then_names_it(audit: Audit, line: int) -> None:
    tamper(audit, f"DELETE FROM audit WHERE id = {line}")
    assert breaks(audit) == [(line, "removed")]


@pytest.mark.parametrize("line", range(1, LINES))
def test_verify_when_a_line_is_removed_and_the_rest_moved_up_then_names_where(audit: Audit, line: int) -> None:
    later = [f"UPDATE audit SET id = id - 1 WHERE id = {number}" for number in range(line + 1, LINES + 1)]
    tamper(audit, f"DELETE FROM audit WHERE id = {line}", *later)
    found = breaks(audit)
    assert found
    assert found[0][0] in (line, line - 1)
    assert found[-1] == (LINES, "cut")


@pytest.mark.parametrize("left", [0, 1, LINES - 1])
def test_verify_when_the_end_is_cut_off_then_says_from_where(audit: Audit, left: int) -> None:
    tamper(audit, f"DELETE FROM audit WHERE id > {left}")
    assert breaks(audit) == [(left + 1, "cut")]


def test_verify_when_the_note_of_the_newest_line_goes_too_then_the_end_is_still_wrong(audit: Audit) -> None:
    tamper(audit, "DELETE FROM audit WHERE id > 3", "DELETE FROM audit_head")
    assert breaks(audit) != []


@pytest.mark.parametrize(("one", "other"), [(2, 5), (3, 4), (1, LINES)])
def test_verify_when_two_lines_change_places_then_names_both(audit: Audit, one: int, other: int) -> None:
    tamper(
        audit,
        f"UPDATE audit SET id = 999 WHERE id = {one}",
        f"UPDATE audit SET id = {one} WHERE id = {other}",
        f"UPDATE audit SET id = {other} WHERE id = 999",
    )
    assert {(one, "reordered"), (other, "reordered")} <= set(breaks(audit))


def test_verify_when_the_end_is_cut_and_the_note_of_it_set_back_then_the_count_of_lines_given_tells(
    audit: Audit,
) -> None:
    tamper(
        audit,
        "DELETE FROM audit WHERE id > 5",
        "UPDATE audit_head SET line = 5, seal = (SELECT seal FROM audit WHERE id = 5)",
    )
    assert breaks(audit) == [(6, "cut")]


@pytest.mark.parametrize("column", ["action", "receipt"])
def test_verify_when_a_line_is_made_too_deep_to_read_then_names_it(audit: Audit, column: str) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    tamper(audit, f"UPDATE audit SET {column} = '{deep}' WHERE id = 4")
    assert breaks(audit) == [(4, "edited")]
    assert len(list(audit.read_all())) == LINES


def test_verify_when_a_line_is_slipped_in_then_names_it(audit: Audit) -> None:
    names = ", ".join(COLUMNS)
    tamper(audit, f"INSERT INTO audit (id, {names}) SELECT {LINES + 1}, {names} FROM audit WHERE id = 3")
    assert breaks(audit)[0][0] == LINES + 1


def test_write_when_two_stores_write_in_turn_then_one_chain_comes_of_it(audit: Audit, tmp_path: Path) -> None:
    second_store = Store(tmp_path / "tradehelm.sqlite")
    second = Audit(second_store)
    for number in range(20):
        (audit, second)[number % 2].write("t", "judged", {"kind": "test"}, MODEL, verdict="allow")
    assert second.verify().lines == LINES + 20
    assert breaks(second) == []
    second_store.close()


def test_write_when_a_transaction_is_taken_back_then_no_number_is_missing(audit: Audit) -> None:
    def fail_half_way() -> None:
        with audit._store.writing() as session:
            audit.add(session, "s", "judged", {"kind": "test"}, PERSON, verdict="allow")
            raise RuntimeError("something else in the transaction failed")

    with pytest.raises(RuntimeError):
        fail_half_way()
    audit.write("s", "judged", {"kind": "test"}, PERSON, verdict="allow")
    assert breaks(audit) == []
    assert audit.read_newest(1)[0].id == LINES + 1


def test_read_when_narrowed_then_only_those_lines_newest_first(audit: Audit) -> None:
    assert [row.id for row in audit.read_newest(2)] == [8, 7]
    assert [row.id for row in audit.read_newest(9, before=3)] == [2, 1]
    assert {row.action_kind for row in audit.read_newest(9, action_kind="pause_bot")} == {"pause_bot"}
    assert audit.read_newest(9, rule="panic", verdict=None) == []


def test_read_all_when_written_as_json_then_its_seals_can_be_worked_out_from_that_alone(audit: Audit) -> None:
    for text in [json.dumps(row) for row in audit.read_all()]:
        line = json.loads(text)
        at = datetime.fromisoformat(line["at"])
        assert at.tzinfo == UTC
        assert seal({**line, "at": at}) == line["seal"]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(texts, st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts, max_size=4)
)
def test_write_when_a_line_holds_anything_that_is_json_then_it_verifies(audit: Audit, content: dict[str, Any]) -> None:
    audit.write("s", "invalid", content, PERSON, verdict="invalid", numbers=dict.fromkeys(content, "1"))
    assert breaks(audit) == []


@pytest.mark.parametrize("seed", range(40))
def test_verify_when_somebody_changes_anything_at_random_then_it_is_found(audit: Audit, seed: int) -> None:
    chance = random.Random(seed)
    line, column = chance.randint(1, LINES), chance.choice(list(COLUMNS))
    statement = chance.choice(
        [
            f"UPDATE audit SET {column} = {COLUMNS[column]} WHERE id = {line}",
            f"DELETE FROM audit WHERE id = {line}",
            f"DELETE FROM audit WHERE id >= {line}",
            f"UPDATE audit SET id = id + 100 WHERE id = {line}",
            f"UPDATE audit_head SET line = {line - 1}",
            "UPDATE audit_head SET seal = '00'",
        ]
    )
    tamper(audit, statement)
    assert breaks(audit) != []


def test_break_when_many_lines_are_gone_then_the_report_stays_short(audit: Audit) -> None:
    tamper(audit, f"UPDATE audit SET id = 5000000 WHERE id = {LINES}")
    report = audit.verify()
    assert Break(LINES, "removed") in report.breaks
    assert len(report.breaks) < 200
