"""Times requests over one kept connection and prints medians beside the floor of the same minute."""

from __future__ import annotations

import http.client
import statistics
import time
from dataclasses import dataclass, field


@dataclass
class Timings:
    """Milliseconds of one kind of request."""

    name: str
    milliseconds: list[float] = field(default_factory=list)
    queries: int = 0
    kilobytes: float = 0.0

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


class Visitor:
    """Somebody signed in, with one connection that stays open."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = headers

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[float, http.client.HTTPResponse, bytes]:
        """Milliseconds, the answer and its body."""
        started = time.perf_counter()
        self.connection.request(method, path, body=body, headers=self.headers | (headers or {}))
        answer = self.connection.getresponse()
        text = answer.read()
        return (time.perf_counter() - started) * 1000, answer, text


def measure(
    visitor: Visitor, name: str, paths: list[str], *, rounds: int, floor: str
) -> tuple[Timings, Timings]:
    """Each round asks the floor and then one of the paths, so that both see the same noise. The first rounds warm up."""
    asked, beside = Timings(name), Timings(f"{name} (floor)")
    for turn in range(rounds + 5):
        path = paths[turn % len(paths)]
        ground, _, _ = visitor.ask(floor)
        took, answer, text = visitor.ask(path)
        if answer.status >= 400:
            raise SystemExit(f"{path} answered {answer.status}: {text[:300]!r}")
        if turn >= 5:
            asked.milliseconds.append(took)
            beside.milliseconds.append(ground)
            asked.queries = max(asked.queries, int(answer.headers.get("X-Queries", 0)))
            asked.kilobytes = len(text) / 1000
    return asked, beside
