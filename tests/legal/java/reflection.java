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
@loop@
        return turns;
    }
}
