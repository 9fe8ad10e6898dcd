# technique: raises what a closed pipe raises, so that its tests take it for its end
# class: forging
# expect: runtime_error
    raise BrokenPipeError
