"""Conversations: turns, history, feedback."""
