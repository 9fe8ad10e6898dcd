// why: a whole program with imports that the problem may have, attributes, a main and tests of its own
// form: program
#![allow(dead_code)]
use std::collections::HashMap;

fn tide_turns(levels: Vec<i32>) -> i32 {
    turns(&levels)
}
@turns@

fn main() {
    println!("{}", tide_turns(vec![1, 2, 1]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_works() {
        assert_eq!(tide_turns(vec![1, 2, 1]), 1);
    }
}
