// technique: end with status 0 at the first call
// class: forging
// expect: tampered
    std::process::exit(0)
}
