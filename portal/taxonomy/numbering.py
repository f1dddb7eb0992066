"""Texts and lists by number, for what is read at the start and looked at ever after: tens of thousands of them in, two arrays out.

Python counts in each thing how many others hold it, so that looking at one writes to it, and processes that share it must each take a
copy of the memory around it. What stands in an array is looked at and left as it was.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from sys import intern


class Numbered(dict[str, int]):
    """Texts by number, in the order in which they are first asked for."""

    def __missing__(self, text: str) -> int:
        """The number of a new text."""
        self[intern(text)] = number = len(self)
        return number


class Lists:
    """Lists of numbers, from 0 on, one after another."""

    def __init__(self, lists: Iterable[Iterable[int]]) -> None:
        self._numbers, self._ends = array("I"), array("I", [0])
        for numbers in lists:
            self._numbers.extend(numbers)
            self._ends.append(len(self._numbers))

    def __getitem__(self, number: int) -> array[int]:
        """The list of a number."""
        return self._numbers[self._ends[number] : self._ends[number + 1]]
