"""``/docs``: the interface as a plain page of our own, since Swagger's assets would come from a foreign host."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api.web.templating import render

router = APIRouter(include_in_schema=False)


def operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one row an operation of an OpenAPI document."""
    rows = []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            answers = {
                status: _name(next(iter(answer.get("content", {"": {}}).values())).get("schema"))
                for status, answer in operation["responses"].items()
            }
            rows.append(
                {
                    "method": method.upper(),
                    "path": path,
                    "about": operation.get("description", ""),
                    "parameters": operation.get("parameters", []),
                    "body": _name(body),
                    "answers": answers,
                }
            )
    return rows


def _name(schema: dict[str, Any] | None) -> str:
    if not schema:
        return ""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if schema.get("type") == "array":
        return f"list[{_name(schema['items'])}]"
    return str(schema.get("title") or schema.get("type") or "")


@router.get("/docs")
async def docs(request: Request) -> Response:
    schema = request.app.openapi()
    models = schema.get("components", {}).get("schemas", {})
    return render(request, "docs.html", {"operations": operations(schema), "models": models, "mode": "standard"})
