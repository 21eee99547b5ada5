"""Which rows of a file may be about one person."""

from __future__ import annotations


class Clusters:
    """Which rows may be about one person: they share an id, an e-mail address, or without those a phone and a name."""

    def __init__(self) -> None:
        self.by_id: dict[str | None, int] = {}
        self.by_email: dict[str | None, int] = {}
        self.by_phone: dict[str | None, int] = {}
        self.by_fingerprint: dict[str | None, int] = {}
        self.parent: dict[int, int] = {}

    def join(
        self,
        number: int,
        external_id: str | None,
        email: str | None,
        phone: str | None,
        fingerprint: str | None,
    ) -> int:
        """The cluster of this row. Clusters that the row turns out to connect are joined."""
        if external_id or email:
            found = self.by_id.get(external_id), self.by_email.get(email)
        else:
            found = self.by_phone.get(phone), self.by_fingerprint.get(fingerprint)
        cluster = number
        if roots := {self._root(known) for known in found if known is not None}:
            cluster = min(roots)
            for root in roots - {cluster}:
                self.parent[root] = cluster
        if external_id:
            self.by_id.setdefault(external_id, cluster)
        if email:
            self.by_email.setdefault(email, cluster)
        if phone:
            self.by_phone.setdefault(phone, cluster)
        if fingerprint:
            self.by_fingerprint.setdefault(fingerprint, cluster)
        return cluster

    def joined(self) -> dict[int, int]:
        """Clusters that turned out to be part of an earlier one."""
        return {cluster: self._root(cluster) for cluster in self.parent}

    def _root(self, cluster: int) -> int:
        while (above := self.parent.get(cluster)) is not None:
            cluster = above
        return cluster
