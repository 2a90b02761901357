"""Dialogue actions: what the assistant does for each act, and their binding to Rasa."""
