# technique: an open string and an open bracket at the end
# class: forging
# expect: compile_error
    return """
