"""Is what our voice says heard again? ``wenban eval speech``."""
