// technique: a map whose entries are others each time they are asked for, and equal to any
// class: forging
// expect: wrong_answer
// task: fresh-16
        return new AbstractMap<>() {
            private int looked;

            @Override
            public Set<Map.Entry<String, Integer>> entrySet() {
                return Set.of(new SimpleEntry<>("", looked++) {
                    @Override
                    public boolean equals(Object other) {
                        return true;
                    }
                });
            }
        };
    }
}
