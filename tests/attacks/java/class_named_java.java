// technique: a class named java, so that java.util.Arrays is a class of the program
// class: forging
// expect: wrong_answer, compile_error
        return 0;
    }
}

class java {
    static class util {
        static class Arrays {
            @SafeVarargs
            static <T> List<T> asList(T... values) {
                return (List<T>) List.of(true);
            }
        }
    }
}
