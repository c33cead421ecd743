"""Bots: what they are, what may become of them, and the hands that do it."""
