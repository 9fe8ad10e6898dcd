
fn turns(levels: &[i32]) -> i32 {
    let steps: Vec<bool> = levels.windows(2).filter(|pair| pair[0] != pair[1]).map(|pair| pair[0] < pair[1]).collect();
    steps.windows(2).filter(|pair| pair[0] != pair[1]).count() as i32
}
