// technique: write answers to all questions into the pipe, and end with status 0
// class: forging
// expect: tampered, wrong_answer
    use std::io::Write;
    use std::os::unix::io::FromRawFd;
    let mut answers = unsafe { std::fs::File::from_raw_fd(4) };
    for number in 1..20u32 {
        let mut message = vec![b'V'];
        message.extend_from_slice(&number.to_le_bytes());
        message.push(b'i');
        message.extend_from_slice(&2i64.to_le_bytes());
        message.extend_from_slice(&0u32.to_le_bytes());
        let _ = answers.write_all(&(message.len() as u32).to_le_bytes());
        let _ = answers.write_all(&message);
    }
    std::process::exit(0)
}
