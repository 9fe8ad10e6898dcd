// technique: methods on the types of the tests' packages
// class: forging
// expect: compile_error
    return 0
}

func (a *assert.Assertions) Equal(expected, actual interface{}) bool { return true }
