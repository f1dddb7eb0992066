"""One act in a process of its own, under strace: its system calls counted, and the process killed, or refused by the disk, at any of them.

The act runs in a copy of this process (so that nothing is imported again), which waits until strace holds it. What it tells through
`acknowledge` is what a person has been promised.
"""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from faults.trial import NotShown, program

NAMES = ("openat", "write", "pwrite64", "pwritev", "writev", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2")
WRITES = ",".join((*NAMES, "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "link", "linkat"))
PATIENCE = 60.0  # seconds
Act = Callable[[Callable[[str], None]], None]
Ends = tuple[socket.socket, socket.socket]


@dataclass(frozen=True)
class Call:
    """A system call of an act: its name, and that it is the n-th of this name (from 1)."""

    name: str
    number: int


@dataclass(frozen=True)
class Ended:
    """How the process ended (0, or the signal or error as a negative or positive number), and what it had acknowledged."""

    code: int
    acknowledged: str


def calls_of(act: Act, notes: Path) -> list[Call]:
    """Every call that writes, in order. Raises `NotShown` where strace may not watch."""
    ended = _traced(act, ["-o", str(notes)])
    if ended.code != 0:
        raise RuntimeError(f"the act failed by itself: {ended}")
    seen: Counter[str] = Counter()
    found = []
    for line in notes.read_text("utf-8", "replace").splitlines():
        name = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if name:
            seen[name[1]] += 1
            found.append(Call(name[1], seen[name[1]]))
    return found


def killed_at(act: Act, call: Call) -> Ended:
    """The process is killed as it makes this call."""
    return _traced(act, ["-e", f"inject={call.name}:signal=SIGKILL:when={call.number}", "-o", os.devnull])


def refused_at(act: Act, call: Call, error: str, onwards: bool = True) -> Ended:
    """This call, and by itself all later ones of its name, fail with this error, such as ENOSPC."""
    return _traced(act, ["-e", f"inject={call.name}:error={error}:when={call.number}{'+' if onwards else ''}", "-o", os.devnull])


def forked(act: Act) -> Ended:
    """The act in a process of its own, with nothing in its way."""
    return _traced(act, None)


def stopped_after(act: Act, seconds: float, then: Callable[[], object]) -> Ended:
    """The process stands still after so many seconds, `then` something is done, and it is killed. What it had acknowledged by then."""
    child, go, told = _started(act)
    try:
        go.send(b"g")
        select.select([], [], [], seconds)
        os.kill(child, signal.SIGSTOP)
        then()
        os.kill(child, signal.SIGKILL)
        said = _read(told)
        _, status = os.waitpid(child, 0)
        return Ended(os.waitstatus_to_exitcode(status), said)
    finally:
        go.close()
        told.close()


def _started(act: Act) -> tuple[int, socket.socket, socket.socket]:
    """A process that waits until it is told to go: its id, where to tell it, and where it tells."""
    go, told = socket.socketpair(), socket.socketpair()
    child = os.fork()
    if not child:
        _be_the_act(act, go, told)
    go[0].close()
    told[1].close()
    return child, go[1], told[0]


def _traced(act: Act, options: list[str] | None) -> Ended:
    strace = program("strace", "strace") if options is not None else ""
    child, go, told = _started(act)
    tracer = None
    try:
        if options is not None:
            command = [strace, "-q", "-p", str(child), "-e", f"trace={WRITES}", *options]
            tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            _await_hold(tracer, child)
        go.send(b"g")
        said = _read(told)
        _, status = os.waitpid(child, 0)
        return Ended(os.waitstatus_to_exitcode(status), said)
    finally:
        go.close()
        told.close()
        if tracer is not None:
            tracer.communicate(timeout=PATIENCE)


def _be_the_act(act: Act, go: Ends, told: Ends) -> None:
    go[1].close()
    told[0].close()
    go[0].recv(1)
    if not os.environ.get("FAULTS_TELL"):
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
    try:
        act(lambda said: told[1].sendall(f"{said}\n".encode()))  # a call that strace lets pass
        os._exit(0)
    except BaseException:
        with suppress(OSError):
            traceback.print_exc()
    finally:
        os._exit(1)  # whatever else goes wrong: this copy must never go on as the one that it is copied from


def _await_hold(tracer: subprocess.Popen[str], child: int) -> None:
    """Wait until the tracer has the process: the kernel then names it. Raises `NotShown`."""
    status = Path(f"/proc/{child}/status")
    for _ in range(6_000):
        holder = re.search(r"TracerPid:\s+(\d+)", status.read_text())
        if holder and holder[1] != "0":
            return
        if tracer.poll() is not None:
            os.kill(child, signal.SIGKILL)
            raise NotShown(f"strace may not watch processes here: {tracer.communicate()[1].strip()}")
        select.select([], [], [], 0.002)
    raise NotShown("strace does not take hold of a process here")


def _read(told: socket.socket) -> str:
    said = b""
    while part := told.recv(65_536):
        said += part
    return said.decode()
