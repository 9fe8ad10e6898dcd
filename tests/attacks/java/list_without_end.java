// technique: a list as long as a number can say, none of which is there
// class: exhausting
// expect: runtime_error
// task: fresh-10
        return new AbstractList<>() {
            @Override
            public Integer get(int index) {
                return index;
            }

            @Override
            public int size() {
                return Integer.MAX_VALUE;
            }
        };
    }
}
