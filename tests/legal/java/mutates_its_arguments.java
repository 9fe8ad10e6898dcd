// why: sorts and clears what it was given, and sets elements of its own
// task: fresh-8
        List<Integer> all = new ArrayList<>();
        for (int take = 1; !left.isEmpty() || !right.isEmpty(); take++) {
            List<Integer> from = take % 2 == 1 ? left : right;
            for (int n = 0; n < take && !from.isEmpty(); n++) {
                all.add(from.remove(0));
            }
        }
        left.clear();
        right.clear();
        return all;
    }
}
