"""No process outlives the one that started it, however that one ended."""

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from smarketing.embedded import places

STARTS_A_CHILD = """
import signal, subprocess, sys
from pathlib import Path
from smarketing.embedded.children import Child, dying_with_us
if sys.argv[1] == "Child":
    child = Child("sleeper", ["sleep", "600"], log=Path(sys.argv[2]), death_signal=signal.SIGKILL)
    child.start()
else:
    child = subprocess.Popen(["sleep", "600"], preexec_fn=dying_with_us())
print(child.pid, flush=True)
signal.pause()
"""


@pytest.mark.parametrize("kind", ["Child", "Popen"])
def test_it_dies_with_a_parent_that_is_killed(tmp_path: Path, kind: str):
    command = [sys.executable, "-c", STARTS_A_CHILD, kind, str(tmp_path / "log")]
    parent = subprocess.Popen(command, cwd=places.ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))

    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    assert has_ended(child)


def has_ended(process: psutil.Process, *, within: float = 10) -> bool:
    """A zombie has: whether somebody collects it is not for us to say."""
    deadline = time.monotonic() + within
    with contextlib.suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
    return True
