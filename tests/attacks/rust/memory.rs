// technique: take memory without end
// class: exhausting
// expect: memory_exceeded, runtime_error, timed_out
    let mut kept = Vec::new();
    loop {
        kept.push(vec![1u8; 1 << 24]);
    }
}
