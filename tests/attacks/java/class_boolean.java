// technique: a class Boolean of which none is false
// class: forging
// expect: compile_error, wrong_answer
        return 0;
    }
}

class Boolean {
    public boolean equals(Object other) {
        return false;
    }
}
