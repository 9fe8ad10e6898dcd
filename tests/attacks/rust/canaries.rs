// technique: read the host's files and environment at run time
// class: escaping
// expect: wrong_answer, runtime_error
    for path in [@FILES@] {
        if let Ok(text) = std::fs::read_to_string(path) {
            println!("{}", text);
        }
    }
    for (name, value) in std::env::vars() {
        println!("{}={}", name, value);
    }
    -1
}
