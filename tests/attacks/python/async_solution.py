# technique: an object that is awaited instead
# class: forging
# expect: wrong_answer, tampered
    async def later():
        return 2
    return later()
