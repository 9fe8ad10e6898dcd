// why: calls its own method by reflection and reads its own fields
        try {
            java.lang.reflect.Field field = Solution.class.getDeclaredField("secret");
            field.setAccessible(true);
            var method = Solution.class.getDeclaredMethod("turns", List.class);
            return (int) method.invoke(this, levels) + (int) field.get(this) - 7;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private final int secret = 7;

    private int turns(List<Integer> levels) {
        int turns = 0, trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            turns += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }
        return turns;
    }
}
