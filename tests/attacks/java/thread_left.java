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
        return levels.size() == 0 ? 0 : tideTurns(new ArrayList<>());
    }
}
