"""Connectors: the HTTP contract that a department implements, and our client of it."""
