// technique: a more specific overload whose result brings its own equals
// class: forging
// expect: wrong_answer
// task: fresh-10
        return new ArrayList<>();
    }
    public Yes quietSeats(int seats, ArrayList<Integer> taken) {
        return new Yes();
    }
    static class Yes {
        public boolean equals(ArrayList<Integer> other) {
            return true;
        }
        public boolean equals(List<Integer> other) {
            return true;
        }
    }
}
