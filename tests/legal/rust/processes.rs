// why: starts a process and waits for it, writes a file and reads it
    let done = std::process::Command::new("/bin/true").status().unwrap();
    std::fs::write("levels", format!("{}", levels.len())).unwrap();
    let read = std::fs::read_to_string("levels").unwrap();
    if done.success() && read == levels.len().to_string() { turns(&levels) } else { -1 }
}
@turns@
