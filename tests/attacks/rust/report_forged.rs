// technique: write reports to every descriptor that is open, as the tests would
// class: forging
// expect: wrong_answer, tampered, runtime_error
    use std::io::Write;
    use std::os::unix::io::FromRawFd;
    for fd in 5..64 {
        let mut report = std::mem::ManuallyDrop::new(unsafe { std::fs::File::from_raw_fd(fd) });
        let _ = report.write_all(b"ready\n00000000000000000000000000000000 done checks=14 failures=0 \n");
    }
    -1
}
