// technique: a thread that goes on after the last test
// class: exhausting
// expect: timed_out
// limits: wall_s=3
        new Thread(() -> {
            for (;;) {
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException again) {
                    continue;
                }
            }
        }).start();
        int turns = 0;
        int trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            if (step > 0) {
                if (trend < 0) {
                    turns += 1;
                }
                trend = 1;
            } else if (step < 0) {
                if (trend > 0) {
                    turns += 1;
                }
                trend = -1;
            }
        }
        return turns;
    }
}
