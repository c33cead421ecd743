"""The conversation: what a model sees, when it speaks, and the events that come of it."""
