"""Command groups that find their commands in ``wenban.plugins`` by name and import one only when it is run."""

from __future__ import annotations

from typing import Any, ClassVar

import typer
from typer.core import TyperGroup

from wenban import plugins


class PluginGroup(TyperGroup):
    table: ClassVar[dict[str, tuple[str, str]]] = plugins.COMMANDS

    def list_commands(self, ctx: Any) -> list[str]:
        return [
            *super().list_commands(ctx),
            *(name for name, (at, _) in self.table.items() if plugins.available(at)),
        ]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        target, summary = self.table.get(cmd_name, ("", ""))
        if not target or not plugins.available(target):
            return super().get_command(ctx, cmd_name)
        command = typer.main.get_command(plugins.load(target))
        command.name = cmd_name
        command.help = command.help or summary
        return command


class EvaluationGroup(PluginGroup):
    table = plugins.EVALUATIONS
