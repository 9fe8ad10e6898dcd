// technique: start threads without end
// class: exhausting
// expect: runtime_error, timed_out, memory_exceeded
// limits: cpu_s=1 wall_s=6
    loop {
        std::thread::Builder::new().spawn(|| loop { std::thread::park() }).unwrap();
    }
}
