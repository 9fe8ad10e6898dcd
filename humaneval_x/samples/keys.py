"""The keys of many samples, at about one bit each."""

from __future__ import annotations

Key = tuple[str, str, int]  # Sample.key: task_id, origin, sample_index
_DENSE = 1 << 16


class KeySet:
    """A set of sample keys at about one bit a key."""

    def __init__(self) -> None:
        self._bits: dict[tuple[str, str], bytearray] = {}
        self._far: dict[tuple[str, str], set[int]] = {}  # indices too large for a bit each
        self._count = 0

    def add(self, key: Key) -> bool:
        """Add a key, and return whether it is new."""
        if key in self:
            return False
        task_id, source, index = key
        if index < _DENSE:
            bits = self._bits.setdefault((task_id, source), bytearray())
            bits.extend(bytes(max(0, (index >> 3) + 1 - len(bits))))
            bits[index >> 3] |= 1 << (index & 7)
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

    def __len__(self) -> int:
        return self._count
