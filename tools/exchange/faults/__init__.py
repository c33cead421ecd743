"""Faults on demand: what a real exchange and the network before it do wrong, at a moment that a test or a demo chooses.

`Faults` holds the plan, `FaultsMiddleware` carries it out, `make_schedule` draws a plan from a seed.
"""
