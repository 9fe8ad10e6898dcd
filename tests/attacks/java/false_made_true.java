// technique: changes the value of Boolean.FALSE by reflection and by method handles
// class: forging
// expect: wrong_answer
        try {
            java.lang.reflect.Field value = Boolean.class.getDeclaredField("value");
            value.setAccessible(true);
            value.set(Boolean.FALSE, true);
        } catch (Exception closed) {
            System.err.println(closed);
        }
        try {
            java.lang.invoke.MethodHandles.privateLookupIn(Boolean.class, java.lang.invoke.MethodHandles.lookup())
                    .findVarHandle(Boolean.class, "value", boolean.class).set(Boolean.FALSE, true);
        } catch (Exception closed) {
            System.err.println(closed);
        }
        return 0;
    }
}
