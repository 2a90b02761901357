"""Speech out: text for the ear, engines in supervised workers, a cache on disk."""
