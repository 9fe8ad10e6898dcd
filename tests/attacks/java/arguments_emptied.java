// technique: empties every argument, so that the tests compare with nothing
// class: forging
// expect: wrong_answer
// task: fresh-8
        left.clear();
        right.clear();
        return left;
    }
}
