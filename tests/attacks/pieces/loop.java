        int turns = 0, trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            turns += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }
