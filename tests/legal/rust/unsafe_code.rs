// why: raw pointers and functions of the C library
    extern "C" {
        fn abs(number: i32) -> i32;
    }
    let first = if levels.is_empty() { 0 } else { unsafe { *levels.as_ptr() } };
    let kept = unsafe { std::slice::from_raw_parts(levels.as_ptr(), levels.len()) };
    if unsafe { abs(-3) } == 3 && kept.first().map_or(true, |each| *each == first) { turns(kept) } else { -1 }
}
@turns@
