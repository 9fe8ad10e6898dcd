// why: a variable behind a comment
    calls++
@loop@
    return turns
}

// calls counts calls.
var calls int
