"""``python -m wenban``: the same as the ``wenban`` command."""

from wenban.cli import app

app(prog_name="wenban")
