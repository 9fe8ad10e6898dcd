// technique: have the compiler read a file of the host
// class: escaping
// expect: compile_error
    println!("{}", include_str!(@FILE@));
    println!("{}", env!("HUMANEVAL_X_TEST_CANARY"));
    -1
}
