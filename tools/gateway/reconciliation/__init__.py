"""What the ledger, each bot and the exchange say, held against one another; nothing here places an order."""
