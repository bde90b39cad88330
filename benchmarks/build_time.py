"""What a person waits for: the bundled build and ``kg --help``, as whole processes, imports included.

    python -m benchmarks.build_time [--runs N]

Wall clock, CPU and peak memory; the median of several runs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.machine import describe

KG = (sys.executable, "-m", "kg")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds and mebibytes of one process."""

    wall: float
    cpu: float
    memory: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(f"machine       {describe()}")
    print(f"{'median of ' + str(runs):13} {'wall s':>7} {'CPU s':>7} {'peak MiB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "build")
        _report("kg build", [cost((*KG, "build", "--quiet", "--out", out)) for _ in range(runs)])
        _report("kg --help", [cost((*KG, "--help")) for _ in range(runs)])


def cost(command: Sequence[str]) -> Cost:
    """Run a command to its end and say what it took; raises CalledProcessError if it fails.

    Exit code 1 (the data say no, as to a shape) is the end of a whole run too. Peak memory is that of the process.
    """
    started = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, list(command))
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, else in KiB
    return Cost(perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20)


def _report(name: str, costs: Sequence[Cost]) -> None:
    wall, cpu, memory = (median(getattr(c, field) for c in costs) for field in ("wall", "cpu", "memory"))
    print(f"{name:13} {wall:7.2f} {cpu:7.2f} {memory:9.0f}")


if __name__ == "__main__":
    main()
