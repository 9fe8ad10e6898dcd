// technique: a list whose equals says yes
// class: forging
// expect: wrong_answer
// task: fresh-10
        return new ArrayList<>() {
            @Override
            public boolean equals(Object other) {
                return true;
            }
        };
    }
}
