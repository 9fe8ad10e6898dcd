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
@loop@
        return turns;
    }
}
