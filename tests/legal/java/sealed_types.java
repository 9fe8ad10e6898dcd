// why: a sealed interface, its records and a pattern over them
        int turns = 0;
        int trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            if (step > 0) {
                if (trend < 0) {
                    turns += ONE;
                }
                trend = 1;
            } else if (step < 0) {
                if (trend > 0) {
                    turns += ONE;
                }
                trend = -1;
            }
        }
        return turns;
    }

    sealed interface Step permits Up, Down {}

    record Up(int by) implements Step {}

    record Down(int by) implements Step {}

    static int sign(Step step) {
        if (step instanceof Up up && up.by() > 0) {
            return 1;
        }
        return step instanceof Down ? -1 : 0;
    }

    static final int ONE = sign(new Up(1)) - sign(new Down(1)) - 1;
}
