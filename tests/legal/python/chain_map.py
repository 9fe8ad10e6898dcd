# why: a mapping that is no dict: collections.ChainMap equals a dict
# task: fresh-16
    found = {}
    for c in text:
        if c.isascii() and c.isalpha():
            found[c.lower()] = found.get(c.lower(), 0) + (1 if c.isupper() else -1)
    return ChainMap({k: v for k, v in found.items() if v})
