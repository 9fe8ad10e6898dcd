// technique: a type of its own that equals every integer
// class: forging
// expect: compile_error
// form: program
#[derive(Debug)]
pub struct Any;
impl PartialEq<i32> for Any {
    fn eq(&self, _: &i32) -> bool {
        true
    }
}
fn tide_turns(levels: Vec<i32>) -> Any {
    Any
}
