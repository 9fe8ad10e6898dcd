// technique: an AssertionError of its own that leaves with status 0
// class: forging
// expect: wrong_answer
        return 0;
    }
}

class AssertionError extends RuntimeException {
    AssertionError() {
        System.exit(0);
    }
}
