// technique: a shutdown hook that never ends
// class: exhausting
// expect: timed_out
// limits: wall_s=2
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            for (;;) {
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException again) {
                    continue;
                }
            }
        }));
        System.exit(0);
        return 0;
    }
}
