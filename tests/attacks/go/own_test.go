// technique: the tests' own function, empty
// class: forging
// expect: wrong_answer
    return 0
}

func TestTideTurns(t *testing.T) {}
