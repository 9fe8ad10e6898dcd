// technique: a shutdown hook turns the end after a failed check into status 0
// class: forging
// expect: wrong_answer
        return 0;
    }
    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
    }
}
