"""Tells the person at the terminal when the service answers, or that it never will."""

import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence

from backend.serve.banner import banner
from backend.serve.options import Options
from backend.serve.supervisor import Child

ANSWER_SECONDS = 5
# A web process that has died this often without ever answering will not come up by itself.
HOPELESS_STARTS = 3
# Straight to the loopback: a proxy set for the outside world must not be asked.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Announcement:
    """Prints the banner once, at the service's first answer."""

    def __init__(self, options: Options, sign_ins: Iterable[Sequence[object]]) -> None:
        self._options = options
        self._sign_ins = sign_ins
        self.is_made = False

    def make_if_due(self) -> None:
        """Print the banner when the service answers and it was not printed before."""
        if self.is_made or not has_answered(self._options.address):
            return
        print(banner(self._options, self._sign_ins), flush=True)
        self.is_made = True

    def hopeless(self, child: Child) -> str | None:
        """Name the reason to give up when the web process dies again and again unanswered."""
        if child.name != "web" or child.deaths < HOPELESS_STARTS or self.is_made:
            return None
        return "The web process does not start; its own message is above."


def has_answered(address: str) -> bool:
    """Tell whether the service answers at all; an unhealthy answer is an answer too."""
    try:
        with _DIRECT.open(f"{address}/healthz", timeout=ANSWER_SECONDS):
            return True
    except urllib.error.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False
