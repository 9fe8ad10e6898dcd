# technique: names a value where the tests want the solution, twice
# class: forging
# expect: runtime_error, tampered
    return 0


import json, os, struct
for said in (["ready"], ["value", [["tide_turns", 2], ["tide_turns", {"iterator": [2, 0, 0]}]]]):
    body = json.dumps(said).encode()
    os.write(4, struct.pack(">I", len(body)) + body)
