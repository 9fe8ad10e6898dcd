// technique: loop without end
// class: exhausting
// expect: timed_out
// limits: cpu_s=1 wall_s=6
    let mut turns = 0i32;
    loop {
        turns = turns.wrapping_add(1);
    }
}
