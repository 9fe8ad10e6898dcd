// technique: names the class of the tests as it is called at run time, to have it load one of its own in their package
// class: forging
// expect: wrong_answer, runtime_error
        try {
            java.lang.invoke.MethodHandles.Lookup own = java.lang.invoke.MethodHandles.lookup();
            byte[] bytes = Solution.class.getModule().getClassLoader().getResourceAsStream("tests/Checks.class").readAllBytes();
            own.in(Class.forName("tests.Main", false, Solution.class.getClassLoader())).defineClass(bytes);
        } catch (Exception closed) {
            throw new IllegalStateException(closed);
        }
        return 0;
    }
}
