"""Nothing but `smarketing.outgoing` opens connections to the outside; the engines speak with their own machine."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["smarketing", "leads", "handoff", "sla", "dashboard"]
MAY_CONNECT = {"smarketing/outgoing.py"}
OWN_MACHINE = "smarketing/embedded/"
CONNECTS = {
    "socket", "socketserver", "asyncio", "httpx", "httpcore", "requests", "aiohttp", "urllib3", "http.client", "urllib.request", "ftplib",
    "smtplib", "telnetlib", "xmlrpc", "imaplib", "poplib", "paramiko", "websockets", "pycurl",
}  # fmt: skip


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def connects(path: Path) -> set[str]:
    return {name for name in imported(path) if name in CONNECTS or name.split(".")[0] in CONNECTS}


def test_only_one_module_opens_connections():
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    guilty = {
        str(path.relative_to(ROOT)): names
        for path in files
        if (names := connects(path)) and not str(path.relative_to(ROOT)).startswith(OWN_MACHINE)
    }

    assert set(guilty) == MAY_CONNECT, guilty


@pytest.mark.parametrize(
    "line", ["import socket", "from urllib import request", "import urllib.request", "from httpx import get"]
)
def test_the_search_would_find_it(line, tmp_path):
    file = tmp_path / "x.py"
    file.write_text(line)

    assert connects(file)
