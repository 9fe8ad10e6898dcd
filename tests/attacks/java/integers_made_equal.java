// technique: overwrites the cache of small integers
// class: forging
// expect: wrong_answer
// task: fresh-10
        try {
            Class<?> cache = Class.forName("java.lang.Integer$IntegerCache");
            java.lang.reflect.Field field = cache.getDeclaredField("cache");
            field.setAccessible(true);
            Arrays.fill((Integer[]) field.get(null), 7);
        } catch (Exception closed) {
            System.err.println(closed);
        }
        return new ArrayList<>(List.of(7));
    }
}
