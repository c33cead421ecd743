"""The guard: what may be done. Imports the words and nothing else of ours."""
