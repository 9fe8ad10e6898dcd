# technique: recursion without end
# class: exhausting
# expect: runtime_error
    return tide_turns(levels) + 1
