// why: classes called Main, Checks, Tests and Solutions beside the solution
        int turns = 0;
        int trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            if (step > 0) {
                if (trend < 0) {
                    turns += Checks.one();
                }
                trend = 1;
            } else if (step < 0) {
                if (trend > 0) {
                    turns += Checks.one();
                }
                trend = -1;
            }
        }
        return turns;
    }
}

class Main {
    static int one = 1;

    public static void main(String[] args) {}
}

class Checks {
    static int one() {
        return Main.one;
    }
}

class Tests {}
