// technique: a tree map whose comparator finds all keys the same
// class: forging
// expect: wrong_answer
// task: fresh-16
        Map<String, Integer> all = new TreeMap<>((one, other) -> 0);
        all.put("anything", 0);
        return all;
    }
}
