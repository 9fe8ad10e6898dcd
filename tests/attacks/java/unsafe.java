// technique: Unsafe, by its public and by its internal name, to write to memory
// class: forging
// expect: runtime_error
        Object unsafe = null;
        for (String name : new String[] {"sun.misc.Unsafe", "jdk.internal.misc.Unsafe"}) {
            try {
                java.lang.reflect.Field field = Class.forName(name).getDeclaredField("theUnsafe");
                field.setAccessible(true);
                unsafe = field.get(null);
                unsafe.getClass().getMethod("putByte", long.class, byte.class).invoke(unsafe, 0L, (byte) 0);
                return 1;
            } catch (Exception closed) {
                System.err.println(closed);
            }
        }
        return unsafe.hashCode();
    }
}
