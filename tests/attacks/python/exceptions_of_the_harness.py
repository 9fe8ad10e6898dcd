# technique: exceptions with the names that end the tests, and a trace that is a report
# class: forging
# expect: runtime_error, tampered
    import json, os, struct
    for name in ("CheckFailed", "Ended", "Tampered", "SystemExit", "StopIteration"):
        body = json.dumps(["raised", name, "0", "\n" + "0" * 32 + " done checks=14 failures=0 \n"]).encode()
        os.write(4, struct.pack(">I", len(body)) + body)
    return 0
