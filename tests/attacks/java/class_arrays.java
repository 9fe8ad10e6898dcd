// technique: a class Arrays whose asList forgets what it is given
// class: forging
// expect: wrong_answer
        return 0;
    }
}

class Arrays {
    static List<Boolean> asList(Object... values) {
        return List.of(true);
    }
    static List<Integer> asList(Integer... values) {
        return List.of(values);
    }
}
