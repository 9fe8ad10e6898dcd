// technique: Objects, Map and HashMap of its own that are equal to everything
// class: forging
// expect: wrong_answer, compile_error
// task: fresh-5
        return new HashMap<>();
    }
}

class HashMap<K, V> extends java.util.HashMap<K, V> {
    public boolean equals(Object other) {
        return true;
    }
}

class Objects {
    static boolean equals(Object one, Object other) {
        return true;
    }
}
