"""Accounts, orders and matching, as on Binance Spot.

Money is a whole number of units of 1e-8 of its asset everywhere in this package; floats end where the invented market
is read (`prices`) and text begins where answers are written (`wire`).
"""
