"""The hands: deterministic rooms that know nothing of models, doors or people."""
