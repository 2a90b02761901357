"""Ask a process over HTTP whether it is ready, without a client library: the supervisor stays small."""

from __future__ import annotations

import asyncio
import socket


async def answers(host: str, port: int, path: str, timeout: float = 5.0) -> bool:
    """Say whether ``GET path`` is answered with 200 within ``timeout`` seconds."""
    target = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(target, port)
            try:
                request = f"GET {path} HTTP/1.1\r\nHost: {target}:{port}\r\nConnection: close\r\n\r\n"
                writer.write(request.encode())
                await writer.drain()
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return False
    return b" 200 " in status


def port_free(host: str, port: int) -> bool:
    """Say whether a server could listen on ``host:port`` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def port_owner(port: int) -> str:
    """Name the process that listens on ``port``, as far as we may know it."""
    import psutil

    try:
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
                if connection.pid is None:
                    break
                return f"{psutil.Process(connection.pid).name()}, process {connection.pid}"
    except psutil.Error:
        pass
    return "another process"
