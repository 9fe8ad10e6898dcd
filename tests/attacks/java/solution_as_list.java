// technique: a more specific overload that returns the Solution itself, which has an equals(ArrayList) that says yes
// class: forging
// expect: wrong_answer
// task: fresh-8
        return new ArrayList<>();
    }
    public Solution braidLists(ArrayList<Integer> left, ArrayList<Integer> right) {
        return this;
    }
    public boolean equals(ArrayList<?> other) {
        return true;
    }
}
