// why: arithmetic that wraps where it says so, shadowing, labels and slices as patterns
    let mut turns = 0u8.wrapping_sub(1).wrapping_add(1) as i32;
    let mut trend = 0;
    let mut rest = &levels[..];
    'all: loop {
        match rest {
            [before, after, ..] => {
                let step = (after > before) as i32 - (after < before) as i32;
                turns += (step * trend == -1) as i32;
                trend = if step != 0 { step } else { trend };
                rest = &rest[1..];
            }
            _ => break 'all,
        }
    }
    turns
}
