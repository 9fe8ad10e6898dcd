// technique: a map whose entries are proxies that are equal to everything
// class: forging
// expect: wrong_answer, runtime_error, tampered
// task: fresh-16
        Object entry = java.lang.reflect.Proxy.newProxyInstance(Solution.class.getClassLoader(), new Class<?>[] {Map.Entry.class},
            (proxy, method, values) -> method.getName().equals("getKey") ? "" : method.getName().equals("equals") ? (Object) true : (Object) 1);
        return new AbstractMap<>() {
            @Override
            public Set<Map.Entry<String, Integer>> entrySet() {
                return Set.of((Map.Entry<String, Integer>) entry);
            }
        };
    }
}
