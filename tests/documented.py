"""The commands that docs/stores.md gives, run as they stand there; ports alone are replaced, by ones that are free."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from servers import served
from support import ROOT

DOCUMENT = ROOT / "docs" / "stores.md"


def block(section: str, language: str = "sh", number: int = 0) -> str:
    """A fenced block of a section, the first one unless told."""
    text = DOCUMENT.read_text(encoding="utf-8")
    [body] = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return str(re.findall(rf"^```{language}\n(.*?)^```", body, re.MULTILINE | re.DOTALL)[number])


def with_ports(text: str, ports: Mapping[int, int]) -> str:
    """The text with other ports."""
    for documented, free in ports.items():
        text = text.replace(f"127.0.0.1:{documented}", f"127.0.0.1:{free}")
    return text


def run(commands: str, folder: Path, port: int, stack: ExitStack) -> int:
    """Run commands in a folder, one after the other; one that ends in ``&`` is a server, which the stack stops.

    A server is there once it answers on ``port``; its process is returned. A command that fails is an error with all
    that it said.
    """
    server = 0
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PWD": str(folder)}
    for line in commands.replace("\\\n", " ").strip().splitlines():
        if line.endswith(" &"):
            server = stack.enter_context(served(shlex.split(line[:-2]), port, cwd=folder, env=environment)).pid
        else:
            done = subprocess.run(
                line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise RuntimeError(f"{line}: {done.stdout}{done.stderr}")
    return server
