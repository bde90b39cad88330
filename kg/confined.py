"""Processes of our own for work that may take too much: how they are started, and what they give up before they begin.

The parent kills them when their time is up; what they may use besides is bounded by themselves, by :func:`confine`.
"""

from __future__ import annotations

import json
import os
import signal
import sys

# The child finds modules where the parent does, whatever made the parent find them there.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import main; main()"
_NO_MEMORY = ("memory allocation", "MemoryError", "bad_alloc", "Resource temporarily unavailable")
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000
_PR_SET_PDEATHSIG = 1


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs ``main`` of a module of ours; it finds the arguments from ``sys.argv[2]`` on."""
    return [sys.executable, "-c", _START.format(module=module), json.dumps(sys.path), *arguments]


def environment() -> dict[str, str]:
    """The environment for a process whose memory is bounded."""
    # An arena a thread, and threads for each core, would use up the address space of a large machine's child.
    return {**os.environ, "MALLOC_ARENA_MAX": "2"}


def lacked_memory(said: str) -> bool:
    """Whether a process that died said, on standard error, that it was for want of memory."""
    return any(sign in said for sign in _NO_MEMORY)


def confine(memory: int, seconds: int, *, network: bool = False) -> tuple[str, ...]:
    """Limit memory (bytes) and processor time, leave the network, and die with the parent, as far as the system can.

    Without ``seconds`` the parent alone watches the time; with ``network`` it is not left. What the system did not
    grant of ``memory`` and ``network`` is returned.
    """
    refused = [] if _limit(memory, seconds) else ["memory"]
    if not _leave(network):
        refused.append("network")
    return tuple(refused)


def _limit(memory: int, seconds: int) -> bool:
    """Whether memory is limited from now on."""
    try:
        import resource
    except ImportError:  # not on this system: the parent's deadline remains
        return False
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_AS: memory}
    if seconds:
        limits[resource.RLIMIT_CPU] = seconds * (os.cpu_count() or 1)
    for what, limit in limits.items():
        hard = resource.getrlimit(what)[1]
        most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue
    return 0 <= resource.getrlimit(resource.RLIMIT_AS)[0] <= memory


def _leave(network: bool) -> bool:
    """Die with the parent, and leave the network unless it is wanted; whether that was done."""
    if sys.platform != "linux":
        return network
    import ctypes

    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return network or bool(libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWNET | _CLONE_NEWUSER) == 0)
