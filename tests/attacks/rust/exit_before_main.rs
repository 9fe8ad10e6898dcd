// technique: a constructor of the executable that ends it with status 0
// class: forging
// expect: tampered
    0
}

#[used]
#[link_section = ".init_array"]
static FIRST: extern "C" fn() = first;
extern "C" fn first() {
    extern "C" {
        fn _exit(status: i32) -> !;
    }
    unsafe { _exit(0) }
}
