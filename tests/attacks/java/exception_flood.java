// technique: an exception that has fifty million characters to say
// class: exhausting
// expect: runtime_error, memory_exceeded
        throw new IllegalStateException("x".repeat(50_000_000));
    }
}
