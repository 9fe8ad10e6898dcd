// why: returns another type of integer than the declaration says, which the tests would take
// form: program
fn tide_turns(levels: Vec<i32>) -> usize {
    turns(&levels) as usize
}
@turns@
