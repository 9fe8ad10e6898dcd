// technique: lists that are equal to everything, behind the platform's checked, synchronized and unmodifiable views
// class: forging
// expect: wrong_answer
// task: fresh-10
        List<Integer> liar = new ArrayList<>() {
            @Override
            public boolean equals(Object other) {
                return true;
            }
        };
        return Collections.checkedList(Collections.synchronizedList(Collections.unmodifiableList(liar)), Integer.class);
    }
}
