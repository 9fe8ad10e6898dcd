// technique: a more specific overload with a result of any type, compared by its own equals
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-10
        return new ArrayList<>();
    }
    @SuppressWarnings("unchecked")
    public <T> T quietSeats(int seats, ArrayList<Integer> taken) {
        return (T) new Object() {
            @Override
            public boolean equals(Object other) {
                return true;
            }
        };
    }
}
