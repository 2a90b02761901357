"""Files that citizens hand in: checked, kept encrypted, named in a turn."""
