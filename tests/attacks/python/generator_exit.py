# technique: exceptions that are no errors
# class: forging
# expect: runtime_error, tampered
    raise GeneratorExit
