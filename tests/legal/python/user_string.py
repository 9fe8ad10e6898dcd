# why: a text that is no str: collections.UserString equals a str
# task: fresh-12
    return UserString(";".join('"' + f.replace('"', '""') + '"' if not f or ";" in f or '"' in f else f for f in fields))
