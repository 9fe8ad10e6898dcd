// technique: a list of numbers that holds texts and longs
// class: forging
// expect: runtime_error
// task: fresh-10
        return (List<Integer>) (List<?>) new ArrayList<>(Arrays.asList(1L, "2", 3.0));
    }
}
