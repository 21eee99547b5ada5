"""PostgreSQL refuses to run as root: how root runs it as somebody harmless."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from smarketing.embedded.errors import CannotStart


@dataclass(frozen=True)
class Guise:
    """Whom a command runs as: the words before the command, and the owner its files need."""

    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None

    def own(self, path: Path) -> None:
        if self.owner:
            os.chown(path, *self.owner)


def for_postgres(data: Path) -> Guise:
    """As ourselves; as root, as the owner of the data, and where there is none yet, postgres or nobody."""
    if os.geteuid() != 0:
        return Guise()
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise CannotStart("As root this needs the command setpriv (Debian: apt install util-linux).")
    owner = _owner_of(data) or _somebody_harmless()
    who = (f"--reuid={owner[0]}", f"--regid={owner[1]}", "--clear-groups", "--pdeathsig=INT")
    walk = (
        # May walk through a 0700 home to the checkout, and may do nothing else that root may.
        "--inh-caps=-all,+dac_override",
        "--ambient-caps=-all,+dac_override",
        "--bounding-set=-all,+dac_override",
        "--securebits=+no_setuid_fixup",
    )
    for prefix in ((setpriv, *who, *walk, "--"), (setpriv, *who, "--")):
        # A container may have taken dac_override away from root too.
        if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return Guise(prefix, owner)
    raise CannotStart("Root may not become another user here: run this as an ordinary user.")


def _owner_of(data: Path) -> tuple[int, int] | None:
    if not data.exists():
        return None
    found = data.stat()
    return (found.st_uid, found.st_gid) if found.st_uid else None


def _somebody_harmless() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    return 65534, 65534
