"""A toy server: ``python fake_server.py PORT NAME``. Its name says how it behaves."""

from __future__ import annotations

import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


name = sys.argv[2]
if name == "broken":
    sys.exit("this is why")
if name == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if name == "parent":
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
