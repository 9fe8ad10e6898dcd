// technique: look for the tests in the file system, in memory and in the processes around
// class: escaping
// expect: wrong_answer, timed_out, memory_exceeded
// limits: cpu_s=2 wall_s=6
    let mut found = 0;
    for folder in ["/store", "/scratch", "..", "/proc/1/fd", "/proc/1/root"] {
        for each in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let large = each.metadata().map_or(true, |about| !about.is_file() || about.len() > 1 << 16);
            let text = if large { Vec::new() } else { std::fs::read(each.path()).unwrap_or_default() };
            found += text.windows(15).any(|part| part == b"test_tide_turns") as i32;
        }
    }
    -1 - found
}
