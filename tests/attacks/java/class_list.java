// technique: an interface List that contains nothing
// class: forging
// expect: compile_error, wrong_answer
        return 0;
    }
}

interface List<T> extends java.util.List<T> {
    default boolean contains(Object wanted) {
        return false;
    }
}
