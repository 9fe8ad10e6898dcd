// why: works in threads of its own and leaves a daemon running
        Thread daemon = new Thread(() -> {
            while (true) {
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        daemon.setDaemon(true);
        daemon.start();
        var pool = java.util.concurrent.Executors.newFixedThreadPool(2);
        try {
            return pool.submit(() -> turns(levels)).get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            pool.shutdown();
        }
    }

    private static int turns(List<Integer> levels) {
        int turns = 0, trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            turns += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }
        return turns;
    }
}
