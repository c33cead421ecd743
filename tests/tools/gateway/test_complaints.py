"""One line for each kind of trouble."""

import logging

import pytest

from tools.gateway.complaints import Complaints


def test_complaints_when_repeated_then_once_in_ten_seconds_with_the_count(caplog: pytest.LogCaptureFixture) -> None:
    now = [0]
    complaints = Complaints(logging.getLogger("trouble"), lambda: now[0])
    for now[0] in (0, 1, 9_999, 10_000, 10_001):
        complaints.say("%s: %s", "klines", "ReadTimeout")
    complaints.say("another")
    assert [record.getMessage() for record in caplog.records] == [
        "klines: ReadTimeout", "klines: ReadTimeout (and 2 times before)", "another",
    ]  # fmt: skip
