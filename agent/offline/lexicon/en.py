"""What English words mean to the interpreter: a tag, and the phrases that stand for it."""

PHRASES = {
    # Commands.
    "do:create": (
        "create|set me up with|set me up|hook me up with|make me|build|build me|set up|setup|spin up|generate"
        "|open a bot|add a bot|add a new bot|add another bot|add bot|deploy|craft|new bot|another bot|one more bot"
        "|create a new|put together"
    ),
    "do:make": "make|put|get|have|let|keep|turn|shut|power|bring|take",
    "do:start": (
        "start|start up|run|resume|launch|turn on|switch on|activate|unpause|kick off|begin|boot|fire up|enable"
        "|reactivate|continue|start running|start trading with|power on|wake up|wake|reenable|un pause|start again"
        "|resume running"
    ),
    "do:pause": "pause|hold|suspend|put on hold|freeze|put a hold on|hold off|halt entries on|stop entries on",
    "do:stop": (
        "stop|shut down|shutdown|turn off|switch off|kill|halt|end|terminate|deactivate|disable|quit|power off"
        "|stop running|stop trading with|stop trading on|close down|stop trading|take down"
    ),
    "do:delete": "delete|get rid of|erase|destroy|trash|wipe|throw away|discard|delete forever|scrap",
    "do:remove": "remove|drop|take out",
    "do:add": "add|include|append",
    "do:edit": "edit|change|update|set|use|switch|modify|adjust|reconfigure|configure|move|tweak|alter|replace",
    "do:more": "increase|raise|bump|bump up|up the|grow|boost",
    "do:less": "decrease|reduce|lower|cut|shrink|bring down",
    "do:double": "double",
    "do:halve": "halve|cut in half",
    "do:rename": "rename",
    "do:restart": "restart|reboot|reset|relaunch",
    "do:trade": "automate trading of|automate trading|automate|trade|start trading",
    "do:clone": "clone|copy|duplicate|replicate",
    "do:buy": (
        "buy|purchase|go long|long|place an order|place a buy order|place a market order|place a limit order"
        "|market buy|open a trade|open a position|buy me"
    ),
    "do:sell": (
        "sell|close all my positions|close everything|close positions|close position|close trades"
        "|close all my trades|short|go short|dump|close the trade|close my trades|close all trades"
        "|close the position|close all positions|liquidate|cash out|sell off|close my positions|force exit"
        "|force sell|exit all"
    ),
    "do:withdraw": (
        "withdraw|transfer|send my money|send money|pay out|withdrawal|send all my|cash me out|transfer out|wire"
    ),
    "do:show": (
        "show|show me|list|display|see|view|give me|let me see|print|get me|bring me|pull up|check|check on|look at"
        "|report on|tell me about|monitor|watch|find|fetch|inspect|describe|summarize|summarise|review"
    ),
    "do:analyze": (
        "analyze|analyse|analysis|analysis of|scan|study|technical analysis|market analysis|do an analysis|evaluate"
        "|assess"
    ),
    "gerund:create": "creating|making|setting up|building",
    "gerund:start": "starting|turning on|running|launching|resuming",
    "gerund:pause": "pausing|suspending",
    "gerund:stop": "stopping|turning off|shutting down|halting",
    "gerund:delete": "deleting|removing",
    "gerund:edit": "changing|editing|updating|setting",
    "particle:on": "on",
    "particle:off": "off",
    "particle:down": "down",
    "particle:hold": "on hold|on pause|in pause|paused",
    "particle:run": (
        "back online|online|running|running again|going|going again|to work|back on|live again|back to work"
        "|up and running"
    ),
    # What may stand before a command without making it anything else.
    "lead": (
        "please|for now|id love|i d love|would love|love|tell me|let me know|pls|plz|kindly|now|ok|okay|so|just"
        "|go ahead|go|hey|hi|hello|also|then|well|right|alright|i|we|want|wanna|would like|id like|i d like|d like"
        "|need|need to|to|you to|lets|let us|let s|yes|yeah|yep|sure|oh|um|hmm|after that|afterwards|next|finally"
        "|first|immediately|right now|right away|quickly|must|you must|have to|gotta|its time to|it is time to"
        "|im asking you to|i order you to|tradehelm|bot|buddy|friend please|dear|assistant|help me|help me to"
        "|try to|try|if possible|if you can|if you could|if you dont mind|if you please|when done|when ready"
        "|when its done|when it is done|when its ready|when it is ready|once done|once created|once ready"
        "|once its created|once its ready|once it is created|when created|when its created|as soon as its ready"
        "|as soon as its created|as soon as it is ready|once thats done|once that is done|when thats done"
        "|when you are done|when finished|once finished|once its done|the following|actually|again|perfect|great"
        "|nice|cool|fine|good|thanks|thank you|awesome|instead|maybe|perhaps|wait|sorry|oops|later on please|do"
        "|could i get you to|i want|i need|you|too|as well|already|still|simply|start by|begin by|everybody|guys"
        "|man|dude|sir"
    ),
    "polite": (
        "can you|could you|would you|will you|can u|could u|would u|will u|can you please|could you please"
        "|would you please|would you mind|are you able to|is it possible to|id like you to|i would like you to"
        "|i want you to|i need you to|may i ask you to|you can|you could|you should|you may|can we|could we"
        "|shall we|can i have you|can i get|could i get|can i have|could i have|i d like you to|want you to"
    ),
    "neg": (
        "dont|do not|don t|not|never|without|wont|cannot|cant|can not|shouldnt|should not|must not|mustnt|didnt"
        "|did not|doesnt|does not|isnt|no need to|avoid|refrain from|stop you from|no longer|neither|nor"
        "|dont you dare|wouldnt|would not|forget about|hadnt|havent|nobody|no one"
    ),
    "no": (
        "no|nope|nah|no thanks|no thank you|not now|not yet|no way|please dont|dont|negative|not really|better not"
        "|rather not"
    ),
    "yes": (
        "yes|yeah|yep|yup|sure|ok|okay|of course|do it|go ahead|please do|yes please|confirm|confirmed|go for it"
        "|sounds good|y|alright|absolutely|definitely|correct|right|exactly|fine|yes do it|ok do it|yes go ahead"
        "|lets do it|lets go|make it so|proceed|affirmative"
    ),
    "cancel": (
        "never mind|nevermind|cancel|cancel that|forget it|forget that|leave it|abort|skip it|drop it|scratch that"
    ),
    "nothing": "nothing|none|anything|no bots|no bot|neither|any bot|any bots|anybody",
    "cond": (
        "if|when|unless|until|till|once|as soon as|whenever|after|in case|only if|provided|while|every time"
        "|each time|the moment|before|should it|wait for|wait until|after it|whilst|as long as|by the time"
        "|on condition"
    ),
    "time": (
        "tomorrow|tonight|later|next week|next month|next monday|on monday|on tuesday|on wednesday|on thursday"
        "|on friday|on saturday|on sunday|every day|each day|every hour|every week|every morning|at midnight"
        "|at noon|at night|this evening|this afternoon|every night|at the end of the day|in an hour|in a while"
        "|in a minute|in a moment|in a bit|after lunch|this weekend|next year|someday|daily at|soon|after midnight"
        "|in the morning|in the evening|weekly|monthly|at weekends|on weekends|tomorrow morning|in half an hour"
        "|for an hour|for a while|for a day|for the night|overnight|for now then|next time"
    ),
    "report": (
        "said|says|say|told|tells|wrote|writes|reads|friend|boss|wife|husband|message|email|article|news|tweet|post"
        "|log|logs|text|sentence|phrase|document|page|website|asked|claims|suggests|suggested|recommends"
        "|recommended|advised|heard|book|author|someone|somebody|everyone|word|words|command|translate|error"
        "|instruction|instructions"
    ),
    "ask": (
        "what|whats|what is|what are|how|hows|how do i|how can i|how to|how does|how much|how many|why|which|who"
        "|whos|whose|where|what if|what happens if|what happens when|what happens|what would happen if|difference"
        "|the difference|know|explain|explain to me|meaning|mean|means|wonder|wondering|when does|when will"
        "|when did|when is|whether|curious|how would i|what do|what does|why do|why did|why does|why is|how is"
        "|how are|how come|tell me how|tell me what|tell me why|teach me|show me how|what about|hypothetically"
        "|suppose|imagine|understand|what would|whats the"
    ),
    "aux": (
        "should i|can i|may i|could i|shall i|do i|am i|is it|is it a|is it safe to|is there|are there|did|does|is"
        "|are|was|were|has|have you|have i|will it|would it|should we|do we|will i|would i|am|will|do you think"
        "|do you know|i should|do you|did i|did you|is this|is that|does it|must i|need i|have to i|had|were there"
        "|could it|has it|should|have they|are you|might|might i|can|could|would"
    ),
    "reason": "because|since|cause|as it|due to|given that|so that|in order to",
    "conj": (
        "and|then|plus|and then|and also|and after that|and afterwards|&|as well as|followed by|and finally"
        "|along with|afterwards|after that"
    ),
    "or": "or|nor",
    "but": "but|however|yet|although|though|except that|only|instead",
    "except": (
        "except|except for|but not|other than|apart from|besides|excluding|save for|all but|everything but|without"
    ),
    # Whom it is about.
    "bot": "bot|robot|my bot|the bot|this bot|that bot|trader|trading bot|the robot|my robot|trade bot|my trader",
    "bots": "bots|robots|my bots|the bots|these bots|those bots|trading bots|traders|your bots|our bots",
    "abot": (
        "a bot|a new bot|another bot|a robot|new bot|a trading bot|one bot|a new trading bot|some bot|one more bot"
        "|a second bot|a crypto bot|a new robot|a simple bot|any bot"
    ),
    "new": "new|another|a new|brand new|one more|fresh",
    "a": "a|an|a an",
    "the": "the|this|that|these|those|my|our|your|his|her|its|their",
    "each_one": (
        "one for|one on|one with|another for|another on|one that trades|one trading|other for|the other for"
        "|the other on"
    ),
    "it": "it|its|that one|this one|him|her|that bot|this bot|the same bot|the same one|the one",
    "them": "them|these|those|they|the two of them|those bots|these bots|all of them|those two|these two",
    "both": "both|both of them|both bots|the two|the two bots|both of the bots|both of my bots",
    "all": (
        "all|every|everything|all of|each|all the|all my|everyone|all of my|all of the|all bots|every bot"
        "|every single|the whole lot|the entire|each and every|whole"
    ),
    "state:RUNNING": (
        "running|active|currently running|that are running|live bots|which are running|working|started|online"
    ),
    "state:PAUSED": "paused|on hold|that are paused|suspended",
    "state:STOPPED": "stopped|inactive|idle|offline|not running|halted|that are stopped",
    "state:CREATED": "created|never started",
    "health:crashed": "crashed|broken|failing|failed|dead|down|unhealthy",
    "nth:1": "first|the first|first one|the first one|1st|number one|former|the former",
    "nth:2": "second|the second|second one|the second one|2nd|number two|latter|the latter",
    "nth:3": "third|the third|third one|the third one|3rd|number three",
    "nth:4": "fourth|the fourth one|4th",
    "nth:-1": "last one|the last one|the newest|newest|newest one|latest one|the last bot|most recent one",
    # Settings.
    "set:stoploss_pct": (
        "stop loss|stoploss|stop losses|sl|max loss|maximum loss|trailing stop|stop limit|loss limit|cut losses at"
        "|stop out"
    ),
    "set:take_profit_pct": (
        "take profit|takeprofit|tp|profit target|target profit|target|take profits|minimal roi|roi|gain target"
        "|take profit target"
    ),
    "set:max_open_trades": (
        "max open trades|max trades|maximum open trades|maximum trades|max positions|slots|maximum positions"
        "|trade slots|number of trades|number of open trades|max_open_trades|open trades limit|max open positions"
        "|concurrent trades|simultaneous trades"
    ),
    "set:stake": (
        "stake|stake amount|stake size|amount|trade size|size|position size|order size|trade amount|bet|bet size"
        "|per trade amount|amount per trade|value per trade|stake per trade|investment|value|order value|entry size"
    ),
    "set:timeframe": (
        "timeframe|time frame|timeframes|candle|candles|chart|interval|candle size|bars|charts|bar|candle interval"
        "|period"
    ),
    "set:strategy": "strategy|strategies|algorithm|indicator|method|logic",
    "set:pairs": (
        "pair|pairs|coin|coins|symbol|symbols|market|markets|asset|assets|trading pair|trading pairs|currency pair"
        "|token|tokens|crypto"
    ),
    "set:name": (
        "called|named|call it|name it|with the name|by the name of|name|titled|with name|under the name|call him"
        "|naming it|labelled|calling it|nickname|labeled|name is|and call it|and name it"
    ),
    "set:mode": "mode|trading mode",
    "set:description": "description|described as|with the description|note",
    "max": (
        "max|maximum|at most|up to|no more than|not more than|maximum of|max of|limit of|a maximum of|limited to"
        "|not over|upto|never more than"
    ),
    "of": (
        "of|at|to|with|is|be|for|in|on|from|by|as|equal to|equals|around|about|using|via|into|over|through|within"
        "|against|under|upon|onto|per"
    ),
    "to": "to|into|down to|up to",
    "by": "by|with another|by another",
    "per_trade": (
        "per trade|a trade|each trade|each|every trade|per position|per order|an order|a position|per entry"
        "|at a time|each time|apiece|per operation|a pop|each one|per buy|each entry|each position|each order"
        "|every time|trade size|for each trade|in each trade|on each trade|per deal|on every trade|per bot|for each"
        "|per each trade|per each"
    ),
    "total": (
        "total|in total|budget|capital|altogether|overall|all in all|in all|total budget|total capital|bankroll"
        "|of balance|of my balance"
    ),
    "open": "open|concurrent|simultaneous|parallel|active",
    "at_once": "at once|at the same time|at a time|simultaneously|concurrently|in parallel|at any time",
    "last": "last|latest|recent|most recent|past",
    "mode:SIMULATED": (
        "no real money|without real money|never real money|simulated|simulation|paper|paper trading|paper money"
        "|dry run|dryrun|dry running|virtual|virtual money|fake money|demo|simulating|test mode|paper trade"
        "|in simulation|simulate|play money|practice|demo mode|in dry run|pretend money|simulated mode|sandbox mode"
        "|not real money|not with real money|not live"
    ),
    "mode:REAL_MARKET_SPOT": (
        "not simulated|not a simulation|live|real money|real|real market|for real|live trading|actual money"
        "|live mode|real market spot|with my money|real funds|real trading|real account|live account|production"
        "|live money|real cash|real trades|my real money|mainnet"
    ),
    "strategy:rsi": (
        "rsi|mean reversion|meanreversion|reversion|rsi mean reversion|oversold|buy the dip|buys the dip|dip buying"
        "|relative strength|rsi strategy|mean reverting|overbought|buying dips|buys dips|rsimeanreversion"
    ),
    "strategy:ema": (
        "ema|ema cross|ema crossover|moving average|moving averages|moving average cross|moving average crossover"
        "|ma cross|golden cross|trend following|trend|crossover|cross|ema crossing|trend follower|trend follow"
        "|ma crossover|emacross|crossing averages|sma cross|emas"
    ),
    "strategy:bollinger": "bollinger|bollinger bands|bollinger band|bb|bands|bollingerbands|bbands",
    "strategy:breakout": "breakout|break out|breakouts|donchian|channel breakout|breaks out|donchian breakout|turtle",
    "strategy:?": (
        "macd|grid|dca|martingale|scalping|ichimoku|supertrend|arbitrage|stochastic|vwap|fibonacci|momentum"
        "|grid trading|market making|sentiment|freqai|machine learning|heikin ashi|parabolic sar|sar|adx|hodl|swing"
        "|pump"
    ),
    # Things to read.
    "see:bots": (
        "portfolio|balance|profit|profits|earnings|how much have i made|how much did i make|pnl|overview|dashboard"
        "|am i making money|am i winning|wallet|results|how much money|equity|p l|summary|gains|losses|made|lost"
        "|earned|losing money|making money|winning"
    ),
    "see:profit": (
        "profit|profits|earnings|how much have i made|how much did i make|pnl|am i making money|am i winning"
        "|how much money|p l|gains|losses|made|lost|earned|losing money|making money|winning"
    ),
    "see:status": (
        "status|state|doing|health|performance|performing|details|info|information|going|how is|hows|settings"
        "|setup of|configuration|trading|working|alive|ok|fine|up|statistics|stats|healthy|result of|progress"
        "|running|online|config|situation"
    ),
    "see:trades": (
        "what did you trade|what have you traded|what did you buy|what did you sell|what did we trade|what did i trade"
        "|what have you bought|what have you sold|what was traded|did you trade|buy anything|sell anything|traded"
        "|trades|trade history|positions|orders|history|bought|sold|open trades"
        "|closed trades|open positions|deals|trade|transactions|position|order|buys|sells|trading history|entries"
        "|exits|executions|fills|purchases|open position|last trade|trade list"
    ),
    "see:limits": (
        "limits|max trade size|max trade|maximum trade size|maximum trade|max stake|maximum stake|the guard|limit"
        "|risk limits|my limits|guard|guardrails|rules|restrictions|allowed to trade|blocked|blocked pairs"
        "|risk limit|allowed|how much can i trade|how much can i invest|how much can i spend|how much may i"
        "|max exposure|maximum exposure|exposure limit|limits set|blacklist|largest trade|safety limits"
        "|risk settings|boundaries|total exposure|constraints|daily loss limit"
    ),
    "see:strategies": (
        "strategies|which strategies|what strategies|available strategies|strategy list|strategies available"
        "|which strategy|what strategy"
    ),
    "see:price": "price|prices|worth|cost|quote|trading at|price of|quotation|rate",
    "see:market": (
        "market|markets|the market|trend|rsi|ema|volatility|atr|outlook|forecast|chart|technicals|doing today"
        "|bullish|bearish|going up|going down|time to buy|time to sell|buy|sell|think|opinion|prediction|predict"
        "|volume|invest in|analysis|indicators|good time|go up|go down|rise|fall|moon|crash|happening|look|looking"
        "|looks|signal|signals|pumping|dumping|overbought|oversold|up or down"
    ),
    "define": (
        "what is|whats|what is a|what is an|whats a|whats an|what is the|what are|define|meaning of|explain"
        "|what does|what do you mean by|definition of|tell me about|whats the meaning of|what is the meaning of"
        "|explain to me|can you explain|could you explain|explain what is|please explain|what exactly is"
        "|what does the word|explain me|please explain to me|can you explain what is|what is meant by|describe"
        "|explain what|do you know what|teach me about|i dont understand|i do not understand|help me understand"
        "|can you tell me what"
    ),
    "defined": (
        "mean|means|is|please|to me|in trading|here|exactly|stand for|work|works|for|in crypto|again|stands for|do|does"
    ),
    "difference": (
        "difference between|whats the difference between|what is the difference between|versus|vs|differ from"
        "|the difference between|difference from|compare"
    ),
    "live_switch": "live trading|real trading|real money|live mode|live|real|trading live|trading with real money",
    # Talk.
    "greeting": (
        "hi|hello|hey|good morning|good afternoon|good evening|hi there|hello there|hey there|howdy|yo|greetings"
        "|good day|sup|whats up|how are you|hiya|how are you doing|how are you today|hows it going|nice to meet you"
    ),
    "thanks": (
        "thanks|thank you|thx|ty|thank you so much|thanks a lot|cheers|thank you very much|many thanks"
        "|appreciate it|great thanks|much appreciated|i appreciate it|great job|well done|good job|awesome|perfect"
        "|great|nice|cool|bye|goodbye|see you|good night|perfect thanks"
    ),
    "help": (
        "help|what can you do|what can i do|commands|examples|menu|how does this work|how do you work"
        "|what do you do|help me|usage|options|what can i ask|what can i say|how do i use you|how do i use this"
        "|how can you help|what are your features|capabilities|what are you able to do|what can you help me with"
        "|how to use this|guide me|get started|getting started|tutorial|what else can you do|how can you help me"
        "|i need help"
    ),
    "about": (
        "who are you|what are you|are you a real ai|are you an ai|are you chatgpt|are you an llm|are you human"
        "|which model are you|are you a bot|what model are you|are you a robot|are you gpt|are you claude"
        "|whats your name|what is your name|which model|what model|are you real|who made you|what ai are you"
        "|are you ai|who am i talking to|what llm|which llm|are you a human|are you a person|are you a real person"
        "|introduce yourself"
    ),
    # Words that say nothing by themselves.
    "filler": (
        "several|couple|dozen|spending|spends|investing|invests|risks|risking|"
        "real market data|real data|real prices|real market prices|live data|live prices|live market data|real time"
        "|real time data|real time prices|some|anymore|any more|any longer|me|for me|here|there|now|right now"
        "|please|us|you|your|so|very|much|more|less|up|out|off|back|again|too|also|just|really|with me|immediately"
        "|asap|right away|today|yet|still|ever|for good|at all|any|good|nice|cool|best|well|per|as|than|then|which"
        "|that|who|where|w|trading|trades|trade|that trades|which trades|that buys|that buy|buys|sells|and sells"
        "|that sells|buy|sell|buying|selling|low|high|lower|higher|above|below|usd|money|worth of|worth|something"
        "|thing|things|stuff|only|one|two|three|no|do|does|did|be|been|being|was|were|will|would|should|could|can"
        "|may|might|must|i|we|he|she|they|has|had|having|im|ive|ill|id|youre|its|thats|theres|until further notice"
        "|this|it|etc|forever|permanently|completely|entirely|quickly|sharp|lol|haha|mate|each|same|other|others"
        "|setup|enter|enters|exit|exits|time|use|uses|using|based on|based|according to|kind of|sort of|type of"
        "|like|such as|e g|namely|start|begin|risk|minutes|hours|days|minute|hour|day|old|simple|small|big|little"
        "|smart|quick|safe|aggressive|conservative|great|automatic|automated|crypto|spot|cryptocurrency|binance"
        "|freqtrade|exchange|today please|strategy called|strategy named|usdt|dollars|quote|currency|base|account"
        "|week|month|morning|yesterday|working|moment|currently|recently|lately|so far|open|opened|closed|get|got"
        "|go|goes|come|happen|happened|tell|say|know|think|want|need|let|make|made|much money|many|lot|lots|first"
        "|different|better|worse|bad|sure|actually|basically|maybe|percent|level|hand|please and thank you|im doing"
        "|new|idea|day today|long|short|right|wrong|whole|order|orders|entry|entries|strategy|stake|amount|their"
        "|his|her|own|set|sets|between|loss|losses|profit|profits|gain|gains|down|by|value|parameters|parameter"
        "|params|param|options|option|settings|setting|its own"
    ),
}
