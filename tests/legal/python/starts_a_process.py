# why: starts a process and waits for it
    import subprocess
    assert subprocess.run(['/bin/echo', 'x'], capture_output=True).stdout == b'x\n'
    changes = [b - a for a, b in zip(levels, levels[1:]) if a != b]
    turns = sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
    return turns
