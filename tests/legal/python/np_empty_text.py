# why: an empty text of numpy's
# task: fresh-12
    line = ";".join('"' + f.replace('"', '""') + '"' if not f or ";" in f or '"' in f else f for f in fields)
    return np.str_(line)
