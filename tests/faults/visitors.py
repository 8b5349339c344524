"""People who answer, as their browsers do: when something goes wrong, the same is sent again."""

import http.client
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

BROWSERS = 8
IMPATIENT = 20  # one in so many first hangs up before the page comes
PATIENCE = 120.0  # seconds until somebody gives up for good, which fails the test
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    invitation_id: int
    path: str
    form: dict[str, str]


class Visitors:
    """Who was confirmed that their answer is stored, and what else came back meanwhile."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.confirmed: list[Answer] = []
        self.instead: list[str] = []

    def begin(self, answers: Iterable[Answer]) -> None:
        waiting = deque(answers)
        pool = ThreadPoolExecutor(BROWSERS)
        self._browsing: list[Future[None]] = [
            pool.submit(self._browse, waiting) for _ in range(BROWSERS)
        ]
        pool.shutdown(wait=False)

    def are_done(self) -> bool:
        """Whether all were confirmed; raises what went wrong with somebody."""
        finished = [browsing for browsing in self._browsing if browsing.done()]
        for browsing in finished:
            browsing.result()
        return len(finished) == len(self._browsing)

    def _browse(self, waiting: deque[Answer]) -> None:
        while waiting:
            try:
                answer = waiting.popleft()
            except IndexError:
                return  # another browser took the last one
            self._send_until_confirmed(answer)

    def _send_until_confirmed(self, answer: Answer) -> None:
        if answer.invitation_id % IMPATIENT == 0:
            self._send(answer, hang_up=True)
        deadline = time.monotonic() + PATIENCE
        while (came := self._send(answer)) != "303":
            self.instead.append(came)
            if time.monotonic() > deadline:
                raise AssertionError(f"never confirmed, at last {came}")
            time.sleep(0.1)
        self.confirmed.append(answer)

    def _send(self, answer: Answer, *, hang_up: bool = False) -> str:
        """The status that came back, or the name of what went wrong on the way."""
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            browser.request("POST", answer.path, urlencode(answer.form), FORM)
            return "hung up" if hang_up else str(browser.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            browser.close()
