// technique: a map whose equals says yes, behind an unmodifiable view
// class: forging
// expect: wrong_answer
// task: fresh-16
        return Collections.unmodifiableMap(new HashMap<>() {
            @Override
            public boolean equals(Object other) {
                return true;
            }
        });
    }
}
