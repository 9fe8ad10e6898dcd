# why: returns a defaultdict where a dict is wanted
# task: fresh-5
    left = collections.defaultdict(int)
    left.update(stock)
    unserved = collections.defaultdict(int)
    for item in orders:
        if left[item] > 0:
            left[item] -= 1
        else:
            unserved[item] += 1
    return unserved
