// technique: a new class for every proxy loader, until the metaspace is full
// class: exhausting
// expect: memory_exceeded, timed_out, runtime_error
// limits: memory_mib=256 cpu_s=2 wall_s=6
        List<Object> kept = new ArrayList<>();
        for (;;) {
            ClassLoader loader = new ClassLoader(Solution.class.getClassLoader()) {};
            kept.add(java.lang.reflect.Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class, Comparable.class}, (p, m, a) -> null));
        }
    }
}
