# technique: raises what its tests raise where a source is no source text
# class: forging
# expect: runtime_error
    return eval("1 +")
