"""Ask the real catalogue the shortest things that citizens say."""
