# technique: says that the kernel should end others where memory is short
# class: escaping
# expect: wrong_answer
    import os
    for name in ("oom_score_adj", "oom_adj"):
        for pid in ("self", "1", os.getppid()):
            try:
                with open(f"/proc/{pid}/{name}", "w") as said:
                    said.write("0" if name == "oom_score_adj" else "-17")
            except OSError:
                continue
            raise SystemExit(3)
    return -1
