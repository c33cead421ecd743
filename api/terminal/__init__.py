"""The conversation in a terminal, over the REST API."""
