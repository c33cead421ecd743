"""What is known of each symbol's ticker."""

from tools.gateway.quotes import HOT_MS, LIVE_MS, SILENT_MS, Quote, Quotes


class Board:
    def __init__(self) -> None:
        self.now_ms = 0
        self.silent_ms: int | None = None
        self.quotes = Quotes(lambda: self.now_ms, lambda _: self.silent_ms)


def test_put_when_older_than_what_is_known_then_left_out() -> None:
    board = Board()
    board.quotes.put("A", Quote("new", 10, live=True))
    board.quotes.put("A", Quote("old", 9))
    assert board.quotes.text("A") == "new"


def test_age_when_streamed_then_as_long_as_the_connection_is_silent_but_not_for_ever() -> None:
    board = Board()
    board.quotes.put("A", Quote("a", 0, live=True))
    board.now_ms, board.silent_ms = 9_000, 40
    assert board.quotes.age_ms("A") == 40
    board.silent_ms = SILENT_MS + 1
    assert board.quotes.age_ms("A") == 9_000
    board.silent_ms = None
    assert board.quotes.age_ms("A") == 9_000
    board.now_ms, board.silent_ms = LIVE_MS + 1, 0
    assert board.quotes.age_ms("A") == LIVE_MS + 1


def test_age_when_asked_for_over_http_then_the_connection_says_nothing_of_it() -> None:
    board = Board()
    board.quotes.put("A", Quote("a", 0))
    board.now_ms, board.silent_ms = 1_001, 0
    assert board.quotes.stale(["A"], 1_000, 1_001) == ["A"]
    assert board.quotes.stale(["A"], 1_000, 0) == []


def test_batch_when_others_were_asked_for_lately_then_they_come_along_up_to_the_largest() -> None:
    board = Board()
    for symbol in "ABCD":
        board.quotes.put(symbol, Quote(symbol, 0))
    board.quotes.ask("AB")
    board.now_ms = HOT_MS
    board.quotes.ask("C?")
    assert board.quotes.batch(["C"], 20, 1_000) == ["C", "A", "B"]
    assert board.quotes.batch(["C"], 2, 1_000) == ["C", "A"]
    board.now_ms += 1
    assert board.quotes.batch(["D"], 20, 1_000) == ["D", "C"]


def test_forget_when_done_then_nothing_is_known() -> None:
    board = Board()
    board.quotes.put("A", Quote("a", 0))
    assert board.quotes.knows(["A"])
    board.quotes.forget()
    assert not board.quotes.knows(["A"])
