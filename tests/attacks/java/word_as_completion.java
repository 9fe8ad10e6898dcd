// technique: a more specific overload whose result class is named like a variable of the tests
// class: forging
// expect: wrong_answer
// task: fresh-8
        return new ArrayList<>();
    }
    public s braidLists(ArrayList<Integer> left, ArrayList<Integer> right) {
        return new s();
    }
    static class s {
        public boolean equals(ArrayList<Integer> other) {
            return true;
        }
    }
}
