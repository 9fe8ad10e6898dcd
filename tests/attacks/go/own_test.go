// technique: the tests' own function, empty
// class: forging
// expect: compile_error
    return 0
}

func TestTideTurns(t *testing.T) {}
