"""Search, suggestions, services and hot questions."""
