# why: writes and reads a file of its own
    import os, tempfile
    with open('notes.txt', 'w') as file:
        file.write(str(levels))
    with open('notes.txt') as file:
        assert file.read() == str(levels)
    os.remove('notes.txt')
    changes = [b - a for a, b in zip(levels, levels[1:]) if a != b]
    turns = sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
    return turns
