// technique: another thread throws into the thread that runs the tests
// class: forging
// expect: runtime_error, timed_out
        Thread tests = Thread.currentThread();
        tests.setUncaughtExceptionHandler((thread, error) -> {});
        new Thread(() -> tests.stop()).start();
        while (true) {
            Thread.onSpinWait();
        }
    }
}
