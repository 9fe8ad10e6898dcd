"""Scores made visible: text here, more kinds in other modules of this room."""
