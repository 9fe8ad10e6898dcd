// why: macros of its own, named like some of the library's
    macro_rules! vec { ($levels:expr; done) => { $levels }; }
    let levels = vec!(levels; done);
    turns(&levels)
}

@turns@
