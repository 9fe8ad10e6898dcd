// technique: a TestMain that runs nothing
// class: forging
// expect: wrong_answer
    return 0
}

func TestMain(m *testing.M) {}
