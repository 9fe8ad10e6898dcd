// technique: a list of the right length whose elements are equal to everything
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-10
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < seats; i++) {
            all.add(new Object() {
                @Override
                public boolean equals(Object other) {
                    return true;
                }
                @Override
                public int hashCode() {
                    return 0;
                }
            });
        }
        return (List<Integer>) (List<?>) all;
    }
}
