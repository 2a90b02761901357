"""``make a11y``: axe and our own measures on every page; writes ``docs/a11y.md`` and pictures to ``var/a11y``.

Exit status 1 when a row of the table does not hold. ``--phone`` leaves out the desktop, for a quick look.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import structlog
from checks import Row, table
from measuring import DESKTOP, PHONE
from playwright.sync_api import sync_playwright
from probes import tried
from wenban_site import site
from whole import everything

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip
HEAD = """# 无障碍和适老化：实测

`make a11y` 写出这张表：在 Chromium 里打开每个页面（手机 375×812，桌面 1280×900；标准版、长辈版、工作台；
浅色、深色、黑底黄字；五级字号），运行 axe，再量适老化规范的每个数字。图在 `var/a11y/`。
axe 和这些数字只能发现一部分问题，不代替请老人试用。

| 项目 | 要求 | 实测 | 结果 |
|---|---|---|---|
"""


def revision() -> str:
    """Return the commit that is measured, marked when the tree differs from it."""
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def as_markdown(rows: list[Row], count: int, measured: str, narrowed: bool) -> str:
    def cell(text: str) -> str:
        return text.replace("|", "\\|").replace("\n", " ")

    lines = [
        f"| {cell(r.what)} | {cell(r.required)} | {cell(r.measured)} | {'达到' if r.ok else '**没有达到**'} |"
        for r in rows
    ]
    when = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    scope = "（只量了手机）" if narrowed else ""
    end = f"\n\n共量了 {count} 个页面状态{scope}。{when}，提交 {measured}，命令 `make a11y`。\n"
    return HEAD + "\n".join(lines) + end


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    measured = revision()  # what is changed meanwhile is not measured
    sizes = (PHONE,) if "--phone" in sys.argv else (PHONE, DESKTOP)
    shots = ROOT / "var" / "a11y"
    shutil.rmtree(shots, ignore_errors=True)
    shots.mkdir(parents=True)
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with site() as here, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        states = []
        for state in everything(browser, here.url, shots, sizes):
            states.append(state)
            if sys.stdout.isatty():
                print(f"\r{len(states)} {state.version} {state.label}\033[K", end="", flush=True)
        rows = table(states, tried(browser, here.url))
        browser.close()
    (ROOT / "docs" / "a11y.md").write_text(as_markdown(rows, len(states), measured, len(sizes) == 1))
    print(f"\n{len(states)} 个页面状态，{sum(r.ok for r in rows)}/{len(rows)} 项达到；docs/a11y.md，var/a11y/")
    for row in rows:
        if not row.ok:
            print(f"没有达到：{row.what}（{row.required}）：{row.measured}")
    return 0 if all(row.ok for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
