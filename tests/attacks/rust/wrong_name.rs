// technique: the entry of the program defined anew, for the linker to take
// class: forging
// expect: compile_error
    0
}

#[no_mangle]
pub extern "C" fn main() -> i32 {
    0
}
