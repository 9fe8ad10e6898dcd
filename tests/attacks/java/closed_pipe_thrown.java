// technique: throws what a closed pipe throws, so that its tests take it for its end
// class: forging
// expect: runtime_error
        throw Solution.<RuntimeException>anything(new java.io.IOException("Broken pipe"));
    }
    @SuppressWarnings("unchecked")
    static <T extends Throwable> T anything(Throwable any) throws T {
        throw (T) any;
    }
}
