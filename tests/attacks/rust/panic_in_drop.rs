// technique: a panic whose payload panics when it is dropped
// class: forging
// expect: runtime_error
    struct Twice;
    impl Drop for Twice {
        fn drop(&mut self) {
            panic!("again");
        }
    }
    std::panic::panic_any(Twice)
}
