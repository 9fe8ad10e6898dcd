// technique: send what is no message
// class: forging
// expect: tampered
    use std::io::Write;
    use std::os::unix::io::FromRawFd;
    let mut answers = unsafe { std::fs::File::from_raw_fd(4) };
    let _ = answers.write_all(&[0xff; 64]);
    loop {
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}
