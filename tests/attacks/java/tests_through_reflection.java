// technique: calls the tests by reflection while it is initialised, then hopes that they count as done
// class: forging
// expect: wrong_answer
        return 0;
    }
    static {
        try {
            Class.forName("Main").getMethod("main", String[].class).invoke(null, (Object) null);
        } catch (Throwable swallowed) {
            System.out.println("done checks=14 failures=0");
        }
    }
}
