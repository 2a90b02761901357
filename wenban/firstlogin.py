"""Create the first administrator and show the password, this once: ``python -m wenban.firstlogin URL``."""

from __future__ import annotations

import sys

from wenban import plugins
from wenban.database import session_scope


def main(url: str) -> None:
    with session_scope() as session:
        password = plugins.load("api.staff.auth:create_first_admin")(session)
    if password:
        print(f"\nStaff log-in (shown only this once): {url}/staff   name: admin   password: {password}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
