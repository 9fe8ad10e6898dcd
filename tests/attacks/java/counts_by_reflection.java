// technique: sets the harness's counts by reflection
// class: forging
// expect: wrong_answer
        for (String place : new String[] {"java.lang.Checks", "harness.Checks"}) {
            try {
                Class<?> checks = Class.forName(place, false, null);
                for (java.lang.reflect.Field field : checks.getDeclaredFields()) {
                    field.setAccessible(true);
                    if (field.getType() == int.class) {
                        field.set(null, field.getName().equals("checks") ? 14 : Integer.MIN_VALUE);
                    }
                }
                for (int i = 0; i < 14; i++) {
                    checks.getMethod("count").invoke(null);
                }
            } catch (ReflectiveOperationException | RuntimeException closed) {
                continue;
            }
        }
        return 0;
    }
}
