// why: returns an unmodifiable view of a linked list
// task: fresh-1
        long level = 0, spilled = 0, missing = 0;
        for (long flow : flows) {
            level += flow;
            spilled += Math.max(0, level - capacity);
            missing += Math.max(0, -level);
            level = Math.max(0, Math.min(level, capacity));
        }
        return Collections.unmodifiableList(new LinkedList<>(List.of(level, spilled, missing)));
    }
}
