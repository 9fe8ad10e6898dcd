// technique: a more specific overload that returns a subclass of ArrayList with a closer equals
// class: forging
// expect: wrong_answer
// task: fresh-10
        return new ArrayList<>();
    }
    static class Yes extends ArrayList<Integer> {
        public boolean equals(List<Integer> other) {
            return true;
        }
    }
    public Yes quietSeats(int seats, ArrayList<Integer> taken) {
        return new Yes();
    }
}
