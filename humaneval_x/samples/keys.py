"""The keys of many samples, at about one bit each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Key = tuple[str, str, int]  # Sample.key: task_id, origin, sample_index
_DENSE = 1 << 16


class KeySet:
    """A set of sample keys at about one bit a key."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._bits: dict[tuple[str, str], bytearray] = {}
        self._far: dict[tuple[str, str], set[int]] = {}  # indices too large for a bit each
        self._count = 0
        for key in keys:
            self.add(key)

    def add(self, key: Key) -> bool:
        """Add a key, and return whether it is new."""
        task_id, source, index = key
        if index < _DENSE:
            place, bit = index >> 3, 1 << (index & 7)
            bits = self._bits.get((task_id, source))
            if bits is None:
                bits = self._bits[task_id, source] = bytearray()
            if place >= len(bits):
                bits.extend(bytes(place + 1 - len(bits)))
            if bits[place] & bit:
                return False
            bits[place] |= bit
        elif key in self:
            return False
        else:
            self._far.setdefault((task_id, source), set()).add(index)
        self._count += 1
        return True

    def __contains__(self, key: Key) -> bool:
        task_id, source, index = key
        if index >= _DENSE:
            return index in self._far.get((task_id, source), ())
        bits = self._bits.get((task_id, source), b"")
        return index >> 3 < len(bits) and bool(bits[index >> 3] >> (index & 7) & 1)

    def by_task(self) -> Iterator[tuple[str, int]]:
        """Yield how many keys there are of each task and source language."""
        for group in self._bits.keys() | self._far.keys():
            near = int.from_bytes(self._bits.get(group, b""), "little").bit_count()
            yield group[0], near + len(self._far.get(group, ()))

    def __len__(self) -> int:
        return self._count
