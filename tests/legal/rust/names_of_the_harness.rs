// why: types, functions and modules named as the library's and the harness's are
// form: program
struct Vec_;
mod hx_values {
    pub fn hx_0() -> i32 {
        0
    }
}
mod answer {}
fn check(turns: i32) -> i32 {
    turns + hx_values::hx_0()
}
fn tide_turns(levels: Vec<i32>) -> i32 {
    let _ = Vec_;
    check(turns(&levels))
}
@turns@
