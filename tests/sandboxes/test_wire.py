"""Messages between processes: the JSON that Python's own `json` writes and reads, and nothing around it."""

from __future__ import annotations

import json
import os
import struct

import pytest

from sandboxes import wire

MESSAGES = [["value", 1, -2.5, True, None], {"text": 'é"\\\n\U0001f600\ud800', "deep": [[[]], {}]}, "", 0, float("inf")]


@pytest.mark.parametrize("message", MESSAGES, ids=repr)
def test_a_message_is_what_json_makes_of_it_and_comes_back(message):
    reading, writing = os.pipe()
    wire.send(writing, message)
    body = json.dumps(message).encode()
    assert os.read(reading, 4 + len(body) + 1) == struct.pack(">I", len(body)) + body
    wire.send(writing, message)
    assert wire.receive(reading) == message
    os.close(writing)
    assert wire.receive(reading) is None
    os.close(reading)


@pytest.mark.parametrize("text", ["", "[", "[1] ", " [1]", "[1][2]", "nothing"])
def test_what_is_not_one_json_value_is_no_message(text):
    with pytest.raises(ValueError, match=r"not JSON|delimiter|Expecting"):
        wire.parsed(text)
