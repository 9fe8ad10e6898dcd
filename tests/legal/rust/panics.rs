// why: panics and catches them, with a hook of its own
    std::panic::set_hook(Box::new(|_| {}));
    let size = levels.len();
    let caught = std::panic::catch_unwind(move || {
        let empty: Vec<i32> = Vec::new();
        empty[size]
    });
    if caught.is_err() { turns(&levels) } else { -1 }
}
@turns@
