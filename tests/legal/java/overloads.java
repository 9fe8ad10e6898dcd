// why: a more specific overload with a helper type between the two, an equals of its own, classes named like the tests' package and harness
        return turns(new ArrayList<>(levels)).count;
    }

    public int tideTurns(ArrayList<Integer> levels) {
        return tideTurns((List<Integer>) levels);
    }

    Turns turns(List<Integer> levels) {
        Turns turns = new Turns();
        for (int i = 1; i < levels.size(); i++) {
            turns.step(levels.get(i).compareTo(levels.get(i - 1)));
        }
        return turns.equals(turns) ? turns : null;
    }

    static class Turns {
        int count, trend;

        void step(int step) {
            count += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }

        boolean equals(Turns other) {
            return other.count == count;
        }
    }
}

class tests {}

class Assertions {}
