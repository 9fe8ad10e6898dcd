// technique: takes the tests' classes from the stack, by three ways, and their fields and methods by reflection
// class: forging
// expect: wrong_answer
        Set<Class<?>> found = new HashSet<>();
        StackWalker.getInstance(Set.of(StackWalker.Option.values())).forEach(frame -> found.add(frame.getDeclaringClass()));
        found.addAll(Arrays.asList(new SecurityManager() { Class<?>[] all() { return getClassContext(); } }.all()));
        for (String name : new String[] {"Main", "tests.Main", "tests.Checks"}) {
            try {
                found.add(Class.forName(name, false, Solution.class.getClassLoader()));
            } catch (ReflectiveOperationException | LinkageError absent) {
                System.err.println(absent);
            }
        }
        for (Class<?> one : found) {
            if (one.getModule() == Solution.class.getModule() || one.getModule() == Object.class.getModule()) {
                continue;
            }
            try {
                Module closed = one.getModule();
                closed.getClass().getMethod("addOpens", String.class, Module.class).invoke(closed, "tests", Solution.class.getModule());
            } catch (ReflectiveOperationException | RuntimeException no) {
                System.err.println(no);
            }
            for (java.lang.reflect.Field field : one.getDeclaredFields()) {
                try {
                    field.setAccessible(true);
                    field.setInt(null, 14);
                } catch (ReflectiveOperationException | RuntimeException no) {
                    System.err.println(no);
                }
            }
            for (java.lang.reflect.Method method : one.getDeclaredMethods()) {
                try {
                    method.setAccessible(true);
                } catch (RuntimeException no) {
                    System.err.println(no);
                }
                try {
                    method.invoke(null, (Object[]) (method.getParameterCount() == 1 ? new Object[] {null} : new Object[0]));
                } catch (ReflectiveOperationException | RuntimeException no) {
                    System.err.println(no);
                }
            }
            try {
                java.lang.invoke.MethodHandles.privateLookupIn(one, java.lang.invoke.MethodHandles.lookup());
                java.lang.invoke.MethodHandles.publicLookup().findStatic(one, "count", java.lang.invoke.MethodType.methodType(void.class)).invoke();
            } catch (Throwable no) {
                System.err.println(no);
            }
        }
        return 0;
    }
}
