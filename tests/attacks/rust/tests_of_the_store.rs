// technique: look for the tests in the file system, in memory and in the processes around
// class: escaping
// expect: wrong_answer
    let mut found = 0;
    for folder in ["/store", "/scratch", "..", "/proc/1/fd", "/proc/1/root", "/opt/humaneval_x/warm/rust"] {
        for each in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let text = std::fs::read(each.path()).unwrap_or_default();
            found += text.windows(15).any(|part| part == b"test_tide_turns") as i32;
        }
    }
    -1 - found
}
