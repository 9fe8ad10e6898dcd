// technique: the handler of uncaught exceptions ends with status 0
// class: forging
// expect: wrong_answer
        return 0;
    }
    static {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> Runtime.getRuntime().halt(0));
        Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> Runtime.getRuntime().halt(0));
    }
}
