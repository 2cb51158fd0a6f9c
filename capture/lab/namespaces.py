"""The walls of a laboratory: new network, process and mount namespaces, and what runs in them ends with its maker.

`inside` runs work there, as an ordinary user also in a new user namespace; the machine's own network is never touched.
The first process of the process namespace is killed when the recorder dies, by whatever signal, and takes everything
in it along; then the kernel removes the namespaces, their interfaces, rules and settings (namespaces(7),
pid_namespaces(7), PR_SET_PDEATHSIG in prctl(2)).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import selectors
import shutil
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x10000000, 0x20000000, 0x40000000
MS_REC, MS_PRIVATE = 0x4000, 1 << 18
PR_SET_PDEATHSIG = 1


class LabError(Exception):
    """The lab cannot be had here, or something that a scenario waited for did not happen: one line says what."""


class UnavailableError(LabError):
    """This machine does not allow a laboratory; the text has the remedy."""


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def remedy(error: OSError, user: bool) -> str:
    """Why no namespace could be made, and what helps, in one line."""
    what = error.strerror or str(error)

    def says(path: str, value: str) -> bool:
        with contextlib.suppress(OSError):
            return Path(path).read_text().strip() == value
        return False

    if not user:
        return f"{what}: this root may not make namespaces, as in most containers: give it --cap-add SYS_ADMIN"
    if says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"):
        return (
            f"{what}: AppArmor keeps namespaces from ordinary users here (Ubuntu's default): run it with sudo, or "
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if says("/proc/sys/user/max_user_namespaces", "0"):
        return (
            f"{what}: user namespaces are switched off: run it with sudo, or sudo sysctl user.max_user_namespaces=15000"
        )
    if says("/proc/sys/kernel/unprivileged_userns_clone", "0"):
        return (
            f"{what}: namespaces are for root here: run it with sudo, or sudo sysctl kernel.unprivileged_userns_clone=1"
        )
    return f"{what}: an ordinary user gets no namespaces here, as in most containers: run it as root"


def _walls() -> None:
    """Move this process into namespaces of its own; of the process namespace its next child is the first process."""
    libc = _libc()
    uid, gid = os.geteuid(), os.getegid()
    wanted = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID
    user = uid != 0
    try:
        if not user:
            try:
                _check(libc.unshare(wanted), "unshare")
            except OSError as error:
                if error.errno != errno.EPERM:
                    raise
                user = True  # root of a container, perhaps with user namespaces
        if user:
            _check(libc.unshare(wanted | CLONE_NEWUSER), "unshare")
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
            Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
        _check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "mount")
    except OSError as error:
        raise UnavailableError(remedy(error, user=uid != 0)) from None


def _fork() -> int:
    """fork(2). Python warns where there are threads, as in a notebook: the child here uses nothing of theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _die_with_parent(parent: int) -> None:
    _check(_libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    if os.getppid() != parent:  # it died before
        os._exit(0)


def inside(work: Callable[[], Any], *, timeout: float | None = None) -> Any:
    """Run `work` in a laboratory of its own, in another process; what it returns, which must fit JSON.

    Raises UnavailableError where the machine allows no namespaces, LabError with what `work` raised, or when it took
    longer than `timeout` seconds. Everything is gone when this returns, and also when this process is killed.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    recorder = os.getpid()
    pid = _fork()
    if pid == 0:
        status = 1
        try:
            os.close(reading)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)  # the recorder's business: it ends this by SIGKILL
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _inner(work, writing, recorder)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    told = b""
    try:
        deadline = None if timeout is None else time.monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            selector.register(reading, selectors.EVENT_READ)
            while True:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                if not selector.select(left):
                    raise LabError(f"the laboratory was ended after {timeout:g} s")
                chunk = os.read(reading, 1 << 16)
                if not chunk:
                    break
                told += chunk
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if not told:
        raise LabError("the laboratory ended without a word")
    kind, value = json.loads(told)
    if kind == "done":
        return value
    raise (UnavailableError if kind == "refused" else LabError)(value)


def _inner(work: Callable[[], Any], writing: int, recorder: int) -> None:
    """The outer process: makes the walls, and waits for the first process within them."""

    def tell(kind: str, value: Any) -> None:
        data = memoryview(json.dumps([kind, value]).encode())
        while data:
            data = data[os.write(writing, data) :]

    try:
        _walls()
        _die_with_parent(recorder)  # after the walls: a change of rights clears it
    except UnavailableError as error:
        tell("refused", str(error))
        return
    # The first process within sees its parent's number as 0: a pipe tells it that the parent is alive instead.
    alive, held = os.pipe()
    first = os.fork()
    if first:
        os.close(alive)
        os.waitpid(first, 0)
        return
    try:
        os.close(held)
        _check(_libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
        os.set_blocking(alive, False)
        with contextlib.suppress(BlockingIOError):
            os.read(alive, 1)  # nothing to read but the end: the parent died before
            os._exit(0)
        tell("done", work())
    except LabError as error:
        tell("failed", str(error))
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        tell("failed", f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})")
    finally:
        os._exit(0)


def available() -> tuple[bool, str]:
    """Whether a laboratory can be had here; if not, why and what helps."""
    if sys.platform != "linux":
        return False, "the lab needs Linux's namespaces: a Linux machine or virtual machine has them"
    if shutil.which("ip") is None:
        return False, "the lab needs the program ip: apt install iproute2"
    try:
        inside(lambda: True, timeout=10)
    except LabError as error:
        return False, str(error)
    return True, ""


def open_namespace() -> int:
    """A descriptor of the network namespace that this thread is in."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def new_network() -> int:
    """Move this thread into a new network namespace; its descriptor. Raises OSError."""
    _check(_libc().unshare(CLONE_NEWNET), "unshare")
    return open_namespace()


def enter_network(namespace: int) -> None:
    """Move this thread into a network namespace. Raises OSError."""
    _check(_libc().setns(namespace, CLONE_NEWNET), "setns")
