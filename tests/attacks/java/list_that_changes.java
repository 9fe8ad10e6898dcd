// technique: a list whose size and elements are others at each look
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-10
        return new AbstractList<>() {
            private int looked;

            @Override
            public Integer get(int index) {
                return looked++ % seats;
            }

            @Override
            public int size() {
                return looked++ % (seats + 1);
            }
        };
    }
}
