"""A command group that finds ``plugins.COMMANDS`` by name and imports one only when it is run."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from wenban import plugins


class PluginGroup(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return [
            *super().list_commands(ctx),
            *(name for name, (at, _) in plugins.COMMANDS.items() if plugins.available(at)),
        ]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        target, summary = plugins.COMMANDS.get(cmd_name, ("", ""))
        if not target or not plugins.available(target):
            return super().get_command(ctx, cmd_name)
        command = typer.main.get_command(plugins.load(target))
        command.name = cmd_name
        command.help = command.help or summary
        return command
