"""Work in several processes: each takes the next order when it is done with one, so that none waits for another.

Processes are forked (where the system can), so they share what was loaded before.
"""

from __future__ import annotations

import marshal
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from select import select
from typing import Any, NamedTuple

from . import stopping, waiting

_SIZE = 8  # bytes that say how long an order or an answer is


class _Worker(NamedTuple):
    process: int
    orders: int
    answers: int


def run(orders: Iterable[Any], work: Callable[[Any], Any], jobs: int) -> Iterator[tuple[int, Any, str]]:
    """What ``work`` makes of each order, both plain data, by the order's number, as they are ready.

    With each comes "" or, when the process that had it died, in what way. An order is asked for when the answers before
    it were taken, so that it may depend on them. No process outlives this generator.
    """
    with stopping.orderly():
        yield from _run(enumerate(orders), work, jobs)


def _run(waiting: Iterator[tuple[int, Any]], work: Callable[[Any], Any], jobs: int) -> Iterator[tuple[int, Any, str]]:
    busy: dict[int, tuple[_Worker, int]] = {}
    try:
        for first in islice(waiting, jobs):
            _order(_start(work, busy), first, busy)
        while busy:
            for answers in select(list(busy), [], [])[0]:
                worker, number = busy[answers]
                answer = _answer(answers)
                reason = ""
                if answer is None:
                    del busy[answers]
                    reason = _end(worker)
                yield number, answer, reason
                following = next(waiting, None)
                if following is None:
                    if busy.pop(answers, None):
                        _end(worker)
                else:
                    _order(_start(work, busy) if reason else worker, following, busy)
    finally:
        for worker, _ in busy.values():
            os.kill(worker.process, signal.SIGKILL)
            _end(worker)


def _start(work: Callable[[Any], Any], busy: dict[int, tuple[_Worker, int]]) -> _Worker:
    order_end, orders = os.pipe()
    answers, answer_end = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process == 0:
        status = 1
        try:
            for other, _ in busy.values():
                os.close(other.orders)
                os.close(other.answers)
            os.close(orders)
            os.close(answers)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            with waiting.told_to(None):  # each of them would say the same
                _serve(work, order_end, answer_end)
            status = 0
        finally:
            os._exit(status)
    os.close(order_end)
    os.close(answer_end)
    return _Worker(process, orders, answers)


def _serve(work: Callable[[Any], Any], orders: int, answers: int) -> None:
    while head := _read(orders, _SIZE):
        order = marshal.loads(_read(orders, int.from_bytes(head, "big")))
        data = marshal.dumps(work(order))
        with os.fdopen(os.dup(answers), "wb") as file:
            file.write(len(data).to_bytes(_SIZE, "big") + data)


def _order(worker: _Worker, numbered: tuple[int, Any], busy: dict[int, tuple[_Worker, int]]) -> None:
    number, order = numbered
    busy[worker.answers] = worker, number
    data = marshal.dumps(order)
    try:
        os.write(worker.orders, len(data).to_bytes(_SIZE, "big") + data)
    except BrokenPipeError:
        pass  # it died between two items; its answer will be missing


def _answer(answers: int) -> Any:
    """What a worker sends; None when it ended before it had sent all."""
    head = _read(answers, _SIZE)
    data = _read(answers, int.from_bytes(head, "big")) if len(head) == _SIZE else b""
    try:
        return marshal.loads(data)
    except (EOFError, ValueError, TypeError):
        return None


def _read(pipe: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(pipe, min(size, 1 << 20))
        if not part:
            return b""
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _end(worker: _Worker) -> str:
    """Close a worker's pipes, wait for its end and say how it ended."""
    os.close(worker.orders)
    os.close(worker.answers)
    status = os.waitstatus_to_exitcode(os.waitpid(worker.process, 0)[1])
    return f"signal {-status}" if status < 0 else f"exit status {status}"
