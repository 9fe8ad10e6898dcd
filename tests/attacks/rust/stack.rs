// technique: recursion without end
// class: exhausting
// expect: runtime_error, timed_out, memory_exceeded
    fn down(n: u64) -> u64 {
        if n == u64::MAX { 0 } else { down(n + 1) + 1 }
    }
    down(0) as i32
}
