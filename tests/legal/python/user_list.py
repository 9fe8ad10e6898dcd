# why: a sequence that is no list: collections.UserList equals a list
# task: fresh-10
    gone = {t for t in taken if 0 <= t < seats}
    return UserList([s for s in range(seats) if not {s, (s + 1) % seats, (s - 1) % seats} & gone])
