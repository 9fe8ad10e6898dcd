"""The command lines: a table of functions for each program, called by python-fire through one typed layer.

A command is a function with types and a docstring; a line in the table of `evaluate.py` or `generate.py` makes it
one. `signature` reads its options, `words` the command line, `help` prints pages, `shell` calls and ends.
"""
