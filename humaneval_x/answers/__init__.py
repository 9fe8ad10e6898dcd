"""Finds the program in a model's answer: one algorithm over syntax trees, one table for each language.

Pure: text in, text out. Hostile text is read by `processes`, in processes with limits.
"""

from humaneval_x.answers.opening import called_besides, opened
from humaneval_x.answers.reader import read
from humaneval_x.answers.stops import Ending
from humaneval_x.answers.trees import blank

__all__ = ["Ending", "blank", "called_besides", "opened", "read"]
