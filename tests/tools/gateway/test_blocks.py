"""The memory of closed candles."""

from tools.gateway.blocks import BLOCK, Blocks


def test_blocks_when_read_across_blocks_then_in_order_with_holes() -> None:
    blocks = Blocks()
    for number in (BLOCK - 1, BLOCK, 3 * BLOCK):
        blocks.put("s", number, str(number))
    found = blocks.read("s", BLOCK - 2, 3 * BLOCK)
    assert len(found) == 2 * BLOCK + 3
    assert (found[:3], found[-1]) == ([None, str(BLOCK - 1), str(BLOCK)], str(3 * BLOCK))
    assert blocks.read("other", 0, 3) == [None] * 4
    assert blocks.read("s", 5, 4) == []


def test_blocks_when_full_then_the_longest_unused_block_is_forgotten() -> None:
    blocks = Blocks(2)
    blocks.put("a", 1, "a1")
    blocks.put("b", 1, "b1")
    blocks.read("a", 1, 1)
    blocks.put("c", 1, "c1")
    assert [blocks.get(series, 1) for series in "abc"] == ["a1", None, "c1"]


def test_blocks_when_a_series_is_forgotten_then_the_others_stay() -> None:
    blocks = Blocks()
    blocks.put("a", 1, "a1")
    blocks.put("b", 1, "b1")
    blocks.forget("a")
    assert [blocks.get(series, 1) for series in "ab"] == [None, "b1"]
