// technique: a list of numbers that holds itself
// class: forging
// expect: runtime_error
// task: fresh-10
        List<Object> all = new ArrayList<>();
        all.add(all);
        return (List<Integer>) (List<?>) all;
    }
}
