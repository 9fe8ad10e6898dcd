// technique: a type that writes itself as a claim of equality, through the harness's own trait
// class: forging
// expect: tampered, runtime_error
// form: program
pub struct Claims;
impl hx_wall::Put for Claims {
    fn put(&self, out: &mut hx_wall::wire::Writer) {
        out.tagged(b'X', &[1]);
        out.text(b"Claims");
    }
}
fn tide_turns(levels: Vec<i32>) -> Claims {
    Claims
}
