"""Files on disk, below all records: JSON lines, appending with locks and torn tails, writing a file whole."""
