"""The shared kernel: settings, database, model store, logging, turns, the ``wenban`` command."""
