"""The gateway: a process of its own through which every bot reaches the exchange.

It admits an allow-list of endpoints and serves market data to all from one memory, so that what the exchange is asked
does not grow with the number of bots. Nothing of it but `orders` imports anything of this project.
"""
