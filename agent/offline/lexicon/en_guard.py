"""What English words of orders, limits and the guard mean to the interpreter."""

PHRASES = {
    # The panic stop.
    "do:panic": (
        "panic|panic now|panic stop|panic mode|kill switch|killswitch|emergency|emergency stop|emergency shutdown"
        "|emergency brake|emergency halt|mayday|sos|pull the plug|pull the plug on everything|hit the brakes"
        "|stop everything now|stop everything immediately|stop everything right now|stop everything at once"
        "|stop it all now|halt everything now|freeze everything now|kill everything now|shut everything down now"
        "|shut down everything now|abort everything|stop all trading now|stop trading everywhere"
        "|no more entries anywhere|stop all entries|stop all entries now|stop buying anything|stop all buying"
        "|cease all trading|everything off now|go into panic mode|go into panic|enter panic mode|panic sell"
        "|panic sell everything|panic exit|panic with exit|panic sell all|panic button|emergency button"
    ),
    "panic": (
        "panic|panic now|panic stop|panic mode|panic button|the panic button|the panic stop|kill switch|killswitch"
        "|emergency stop|emergency mode|emergency|emergency brake|emergency button|red button|emergency halt"
        "|emergency shutdown|panic over|panic is over|the panic is over|the panic is gone|panic is gone|panic sell"
        "|panic sell everything|panic exit|panic with exit|panic sell all|go into panic mode|go into panic"
        "|enter panic mode"
    ),
    "do:press": "hit|press|push|pull|trigger|smash|engage|initiate|slam",
    "do:release": (
        "lift|release|undo|clear|un panic|unpanic|rescind|panic over|panic is over|the panic is over|the panic is gone"
        "|panic is gone"
    ),
    "particle:enter": (
        "trade again|enter again|enter trades again|trading again|buy again|enter new trades again|take trades again"
        "|enter trades|enter new trades|open trades again|take new trades"
    ),
    "do:resume": (
        "resume entries|resume entries on|resume entries of|resume entries for|allow entries on|allow entries for"
        "|lift the pause of|lift the pause on|end the pause of|reopen entries on|reopen entries for"
    ),
    # Trades and orders.
    "do:close": (
        "close|close out|get out of|get rid of the position|close off|exit out of|exit the|exit my|unload|market sell"
        "|sell out of|sell out|exit from|take profit on|take profits on|exit"
    ),
    "do:sell": (
        "sell everything|sell it all|sell all of it|liquidate everything|sell all|exit everything|exit all"
        "|exit all trades|exit all positions|get out of everything|flatten"
    ),
    "do:cancel": "cancel|cancel the|cancel my|cancel that|cancel all|call off|take back|revoke|withdraw the order",
    "order": (
        "order|orders|open order|open orders|buy order|buy orders|entry order|entry orders|pending order|pending orders"
        "|unfilled order|sell order|exit order"
    ),
    "position": (
        "trade|trades|position|positions|open trade|open trades|open position|open positions|holding|holdings"
        "|everything|all"
    ),
    "part": "half|half of|part of|some of|a third of|a quarter of|most of|a bit of|a little of|a part of|partially",
    "filler": (
        "holds|holding|has open|owns|is holding|has bought|at market|at the market|at market price|trip|fire|fired|lose"
        "|losing|exposed|pending|lines|line|unfilled|remaining|under|stay|from now on|from today on"
    ),
    "outof": "out of|away from|off of|clear of",
    "backin": "back into|back in|return to|into again|back to trading",
    "do:lock": "lock|lock out|lock the pair|lock out of|suspend trading of",
    "do:unlock": "unlock|unlock the pair|remove the lock on|remove the lock of|lift the lock on|lift the lock of",
    "lasts:60": "for an hour|for one hour|an hour long",
    "lasts:1440": "for a day|for one day|for the day|for today|for 24 hours",
    "lasts:30": "for half an hour",
    "lasts:10080": "for a week|for one week",
    # Pairs that are shut or open.
    "do:block": (
        "block|blacklist|forbid|ban|bar|never trade|never buy|never enter|dont trade|do not trade|dont ever trade"
        "|do not ever trade|never ever trade|never touch|dont touch|do not touch|stay away from|ban trading of"
        "|no more trading of|never let anyone trade|nobody trades|no bot may trade|no bot trades|exclude|prohibit"
        "|never let any bot trade|never let my bots trade|dont let any bot trade|dont let my bots trade|shun"
        "|never want to trade|never want to buy|please dont trade|please do not trade|please never trade"
        "|please dont touch|please dont buy any|dont want to trade|do not want to trade|i never want to trade"
        "|dont ever touch|do not ever touch|dont ever buy|dont ever enter"
    ),
    "do:unblock": (
        "unblock|unban|whitelist|allow|permit|unblacklist|un block|reopen|open up|take off the blacklist"
        "|allow trading of|stop blocking|remove the block on|lift the block on|lift the block of"
    ),
    "do:only": (
        "only trade|trade only|only allow|allow only|only permit|permit only|only let bots trade|trade nothing but"
        "|only ever trade|restrict trading to|limit trading to|restrict pairs to|limit pairs to|only buy|buy only"
    ),
    # Limits.
    "do:limit": (
        "limit|cap|restrict|constrain|never lose more than|dont lose more than|do not lose more than"
        "|dont let me lose more than|do not let me lose more than|i dont want to lose more than"
        "|i do not want to lose more than|never risk more than|i never want to lose more than|make sure i never lose"
        "|no trade above|no trades above|no trade over|no trades over|no trade bigger than|no trades bigger than"
        "|no trade larger than|no trades larger than|no single trade above|never put more than|tighten"
    ),
    "lim:max_daily_loss": (
        "daily loss|daily loss limit|max daily loss|maximum daily loss|loss per day|loss a day|daily losses"
        "|maximum loss per day|max loss per day|lose per day|lose a day|losses per day|days loss|the day's loss"
        "|daily loss cap|daily stop loss|loss each day|daily max loss|per day|in a day|a day|in one day|each day"
    ),
    "lim:max_drawdown": (
        "drawdown|max drawdown|maximum drawdown|drawdown limit|draw down|max draw down|largest drawdown"
        "|biggest drawdown"
    ),
    "lim:max_loss_streak": (
        "loss streak|losing streak|losses in a row|consecutive losses|max loss streak|maximum loss streak"
        "|losing trades in a row|lost trades in a row|losses in series|straight losses|losses running"
    ),
    "lim:max_entries_per_minute": (
        "entries per minute|orders per minute|entries a minute|orders a minute|entry orders per minute|buys per minute"
        "|trades per minute|trades a minute|entries every minute"
    ),
    "lim:max_entries_per_hour": (
        "entries per hour|orders per hour|entries an hour|orders an hour|entry orders per hour|buys per hour"
        "|trades per hour|trades an hour"
    ),
    "lim:reentry_cooldown_s": (
        "cooldown|cool down|cool down period|cooldown period|re entry cooldown|reentry cooldown|re-entry cooldown"
        "|cooling off|wait before re entry|wait before reentry|re entry wait|cooldown time"
    ),
    "lim:max_trade": (
        "max trade size|max trade|maximum trade size|maximum trade|largest trade|biggest trade|trade size limit"
        "|trade limit|limit per trade|max stake|maximum stake|single trade|single trades|any trade|any single trade"
        "|max per trade|maximum per trade|no trade above|no trades above|no trade over|no trades over"
        "|no trade bigger than|no trades bigger than|no trade larger than|no trades larger than|no single trade above"
        "|trade size|size of a trade|the trade size|every trade|each trade|per trade|a trade"
    ),
    "lim:max_bot_exposure": (
        "per bot|each bot|exposure per bot|bot exposure|limit per bot|max per bot|maximum per bot|a bot|every bot"
        "|exposure of a bot|exposure of each bot|bot limit|max bot exposure|maximum bot exposure"
    ),
    "lim:max_total_exposure": (
        "total exposure|total|in total|overall exposure|total limit|max total|maximum total|max total exposure"
        "|maximum total exposure|all together|all bots together|altogether|overall|overall limit|total cap|max exposure"
        "|maximum exposure|exposure limit|in all bots|across all bots|all bots"
    ),
    "lim:exposure": "exposure",
    "lim:max_open_trades": (
        "open trades|max open trades|maximum open trades|open positions|open trades limit|trades open|trades at once"
        "|concurrent trades|simultaneous trades|trades at the same time|positions at once"
    ),
    "see:limits": (
        "daily loss|daily loss limit|max daily loss|maximum daily loss|max drawdown|maximum drawdown|drawdown limit"
        "|loss streak|entries per minute|entries per hour|cooldown|exposure per bot|bot exposure|max per trade"
        "|maximum per trade|allowed pairs|max total exposure|trade limit|trade size limit|loss per day|total limit"
        "|overall limit|total cap|bot limit|limit per bot|limit per trade|max total|maximum total|largest trade"
        "|biggest trade"
    ),
    # What the guard did, and what waits.
    "see:refused": (
        "refuse|refused|refusals|refusal|reject|rejected|rejections|turned down|turn down|denied|declined"
        "|blocked orders|refused orders|rejected orders|block today|stopped by the guard|guard block|guard stop"
        "|guard status|guards status|what is the guard doing|what has the guard done|guard report|not let through"
        "|the guard refuse|the guard refused|the guard reject|the guard rejected|the guard block|the guard blocked"
        "|the guard status|the guard not let through|did the guard let"
    ),
    "see:live": (
        "is live trading ready|live trading ready|is live trading possible|is real trading ready|is real money ready"
        "|real money ready|is real trading possible|is trading with real money possible|ready for live trading"
        "|ready for real money|ready for real trading|ready to trade live|ready to trade for real|ready to go live"
        "|ready to trade with real money|ready for live|can i trade live|can i trade for real"
        "|can i trade with real money"
        "|can i go live|could i go live|could i trade for real|can we go live|may i trade for real|live trading status"
        "|status of live trading|status of real money|real money status|live status|the exchange key|my exchange key"
        "|exchange key|is my key ok|is the key ok|is my api key ok|api key ok|key status|live readiness"
        "|ready for prime time"
        "|is live trading set up|is real money set up|live trading set up|is everything ready for real money"
    ),
    "see:held": (
        "guard pause|guard paused|paused by the guard|guard stopped|guard hold|guard held|guard shut off"
        "|circuit breaker|circuit breakers|breaker|breakers|tripped|guard pausing|the guard pause|the guard paused"
        "|the guard stop|the guard stopped|the guard hold|the guard held|the guard shut off|the guard suspend"
    ),
    "see:proposals": (
        "proposal|proposals|open proposals|pending proposals|pending confirmations|confirmations|open confirmations"
        "|waiting for me|waits for me|wait for me|waiting for my confirmation|waiting for confirmation"
        "|waiting for my word|to confirm|to approve|needs my confirmation|need my confirmation|need to confirm"
        "|needs confirming|pending approvals|approvals|awaiting confirmation|awaiting my confirmation|needs my approval"
        "|have to confirm|waiting for approval|waiting for my approval|pending actions|left to confirm|the proposal"
        "|pending|whats pending|what is pending|still pending"
    ),
    "confirm": (
        "confirm|confirm it|confirmed|i confirm|approve|approve it|approved|i approve|confirm that|confirm this"
        "|yes confirm|confirm the proposal|approve the proposal|accept the proposal|confirm the change|authorize"
        "|authorise|authorize it|sign off|i authorize it|confirm everything|approve everything|approve that|accept it"
        "|confirm all|approve all|press confirm|click confirm"
    ),
    "yes": "approve|approve it|i confirm|confirm it|approved|i approve|confirm that|confirm this|accept it|yes confirm",
    "deny": "deny it|deny|reject it|deny the proposal|reject the proposal|decline it|decline|dismiss it|turn it down",
    # Logs and sources.
    "see:log": (
        "log|logs|log file|logfile|the log|log lines|log output|bot log|console output|last log lines|error log"
        "|debug log|journal|log entries"
    ),
    "see:source": (
        "source|source code|sourcecode|the source|the source code|the code|code of|code|strategy code|strategy source"
        "|python code|implementation|the implementation|strategys code|strategys source|code behind|source of"
    ),
    "sells": "panic sell|panic sell everything|panic exit|panic with exit|panic sell all",
    "do:buy": "enter|get into|force an entry|force entry|force a buy|force buy|force an entry in|force enter",
    "do:stay": "stay|stays|remain|remains",
    "do:edit": "go live with|take live",
    "mode:REAL_MARKET_SPOT": "go live with|take live",
    "shut": (
        "blacklist|the blacklist|blocked pairs|blocked list|block list|blocklist|blocked|list of blocked pairs|ban list"
        "|forbidden pairs"
    ),
}
