# technique: sends an answer to every question before it is asked
# class: forging
# expect: wrong_answer, tampered, runtime_error, timed_out
    return 0


import json, os, struct
for said in (["ready"], ["value", [["tide_turns", {"mine": [0, "builtins.function", False]}]]], *[["value", 2]] * 200):
    body = json.dumps(said).encode()
    os.write(4, struct.pack(">I", len(body)) + body)
