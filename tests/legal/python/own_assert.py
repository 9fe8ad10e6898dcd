# why: asserts what it takes for granted
    assert isinstance(levels, list)
    assert all(isinstance(level, int) for level in levels), "whole numbers"
    changes = [b - a for a, b in zip(levels, levels[1:]) if a != b]
    turns = sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
    return turns
