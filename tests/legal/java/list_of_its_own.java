// why: returns a list of its own class, with its own equals and toString
// task: fresh-1
        long level = 0, spilled = 0, missing = 0;
        for (long flow : flows) {
            level += flow;
            spilled += Math.max(0, level - capacity);
            missing += Math.max(0, -level);
            level = Math.max(0, Math.min(level, capacity));
        }
        return new Totals(level, spilled, missing);
    }

    static class Totals extends AbstractList<Long> {
        private final long[] values;

        Totals(long... values) {
            this.values = values;
        }

        @Override
        public Long get(int index) {
            return values[index];
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Totals that && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
