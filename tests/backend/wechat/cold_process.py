"""One cold process of a test: waits for the start, asks for the token, prints it."""

from __future__ import annotations

import os
import sys

from backend.settings import load
from backend.wechat import token
from tests import small_app
from tests.fakes.wechat import ACCOUNT_ID, ACCOUNT_SECRET


def main() -> None:
    """Say that we are ready, wait for a line, then ask like everybody else."""
    app = small_app.create_app(load())
    print("ready", flush=True)
    sys.stdin.readline()
    with app.app_context():
        who = token.Credentials(os.environ["FAKE_WECHAT"], ACCOUNT_ID, ACCOUNT_SECRET)
        print(token.access_token(who), flush=True)


if __name__ == "__main__":
    main()
