// why: enum constants with bodies, and abstract methods of their enum
        int turns = 0;
        int trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            if (step > 0) {
                if (trend < 0) {
                    turns += Turn.LEFT.worth();
                }
                trend = 1;
            } else if (step < 0) {
                if (trend > 0) {
                    turns += Turn.LEFT.worth();
                }
                trend = -1;
            }
        }
        return turns;
    }

    enum Turn {
        LEFT {
            @Override
            int worth() {
                return 1;
            }
        },
        RIGHT {
            @Override
            int worth() {
                return 1;
            }
        };

        abstract int worth();
    }
}
