"""What a model may say of the market."""

from pydantic_ai import FunctionToolset, ToolReturn

from tools.cards import AnalysisCard
from tools.errors import Problem
from tools.market.pairs import read_pair
from tools.verbs import Context, Hands, told, trouble

toolset: FunctionToolset[Hands] = FunctionToolset(id="market", require_parameter_descriptions=True)


@toolset.tool
async def analyze_market(context: Context, pair: str, timeframe: str = "5m") -> ToolReturn:
    """Reads a pair's price, its day, and RSI, EMAs and ATR at the last closed candle.

    Args:
        pair: Such as BTC/USDT.
        timeframe: 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h or 1d.
    """
    try:
        analysis = await context.deps.analyst.analyse(read_pair(pair, context.deps.desk.stake_currency), timeframe)
    except Problem as problem:
        return trouble("analyze_market", problem)
    return told(analysis.model_dump(mode="json", exclude={"candles"}), AnalysisCard(analysis=analysis))
