"""The endpoints, one file for each kind of answer. Each file offers ROUTES."""
