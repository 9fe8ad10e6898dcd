//! The candidate's side: answers calls until the questions end.
use crate::values::{Get, Put};
use crate::wire::{content, length, send, writes_may_fail, Reader, Writer};
use std::panic::{catch_unwind, AssertUnwindSafe};

const QUESTIONS: i32 = 3;
const ANSWERS: i32 = 4;

/// One call: arguments to be taken, then what it returned to be given.
pub struct Call {
    question: Vec<u8>,
    at: usize,
    arguments: usize,
    out: Writer,
}

pub type Function = fn(&mut Call);

impl Call {
    pub fn take<T: Get>(&mut self) -> T {
        let value = self.look();
        let mut from = Reader { data: &self.question, at: self.at };
        from.skip();
        self.at = from.at;
        value
    }
    /// The next argument, which is still to be taken.
    pub fn look<T: Get>(&self) -> T {
        let found = T::get(&mut Reader { data: &self.question, at: self.at });
        found.unwrap_or_else(|refused| panic!("an argument is not as declared: {}", refused.why))
    }
    pub fn give<T: Put + ?Sized>(&mut self, value: &T) {
        value.put(&mut self.out);
    }
    /// What the arguments are afterwards; they are sent if any of them changed.
    pub fn again(&mut self, arguments: &[&dyn Put]) {
        let mut told = Writer::of(b'V');
        arguments.iter().for_each(|each| each.put(&mut told));
        if self.question[9] & 1 == 1 && told.bytes[1..] != self.question[self.arguments..] {
            self.out.number(arguments.len());
            self.out.raw(&told.bytes[1..]);
            self.out.beyond = self.out.beyond.or(told.beyond);
        } else {
            self.nothing_more();
        }
    }
    pub fn nothing_more(&mut self) {
        self.out.number(0);
    }
}

fn begun(kind: u8, number: &[u8]) -> Writer {
    let mut out = Writer::of(kind);
    out.raw(number);
    out
}

fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("");
    text.char_indices().nth(250).map_or(text, |(at, _)| &text[..at])
}

fn answered(functions: &[Function], question: Vec<u8>) -> Option<Vec<u8>> {
    let number = question[1..5].to_vec();
    let mut head = Reader { data: &question, at: 5 };
    let function = *functions.get(head.number())?;
    let mut call = Call { question, at: 14, arguments: 14, out: begun(b'V', &number) };
    let done = catch_unwind(AssertUnwindSafe(|| function(&mut call)));
    let mut out = match done {
        Ok(()) => call.out,
        Err(panic) => {
            let mut out = begun(b'T', &number);
            out.raw(&[0]);
            out.text(b"panic");
            out.text(said(&*panic).as_bytes());
            out.text(b"");
            std::mem::forget(panic); // it may panic again when it is dropped
            out
        }
    };
    if let Some(why) = out.beyond {
        out = begun(b'V', &number);
        out.refuse(why);
        out.number(0);
    }
    Some(out.bytes)
}

/// Answer calls of these functions, then end the process as `main` returns.
pub fn serve(functions: &[Function]) -> ! {
    writes_may_fail();
    let mut well = send(ANSWERS, b"R");
    while well {
        let question = length(QUESTIONS).and_then(|size| content(QUESTIONS, size));
        let answer = question.and_then(|question| answered(functions, question));
        well = answer.map_or(false, |answer| send(ANSWERS, &answer));
    }
    std::process::exit(0)
}
