# technique: the harness's own encoder patched, in this process
# class: forging
# expect: wrong_answer, runtime_error, tampered
    import gc
    class Any:
        def __eq__(self, other):
            return True
    for each in gc.get_objects():
        if isinstance(each, type) and each.__name__ in ("Side", "Remote", "Checks", "CheckFailed"):
            for name in list(vars(each)):
                if not name.startswith("__"):
                    try:
                        setattr(each, name, lambda *_, **__: ["value", True])
                    except (AttributeError, TypeError):
                        pass
    return -1
