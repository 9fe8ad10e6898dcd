# why: asyncio runs inside, contextlib, subclasses, exec of own source, a result of a property
    import asyncio
    async def later():
        await asyncio.sleep(0)
        return [(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
    signs = asyncio.run(later())
    space = {}
    exec("def f(s): return sum(a != b for a, b in zip(s, s[1:]))", space)
    return space["f"](signs)
