//! The tests' side: asks the candidate, counts checks, reports (`INTERFACE.md`, "Two processes"). Runs trusted code only.
use crate::values::{Get, Put};
use crate::wire::{content, cut, file, length, send, shown, valid, writes_may_fail, Reader, Refused, Writer, MAX_BYTES};
use std::io::{Read, Write};
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe};
use std::sync::{Mutex, MutexGuard};

const SECRET: i32 = 3;
const REPORT: i32 = 4;
const ALL_CHECKS: u8 = 1;
const RECORD: u8 = 2;
const MOST_RECORDED: usize = 128 << 20;
const MOST_SHOWN: usize = 16 << 10; // what is larger is not kept for the text of a failed check: a program could tell
const FIRST_FREE: i32 = 5;
const F_DUPFD_CLOEXEC: i32 = 1030;
const ARGUMENTS: usize = 14; // where they begin in a question
const VALUE: usize = 5; // where it begins in an answer

extern "C" {
    fn fcntl(fd: i32, command: i32, argument: i32) -> i32;
    fn dup2(from: i32, to: i32) -> i32;
    fn close(fd: i32) -> i32;
    fn _exit(status: i32) -> !;
}

struct State {
    answers: i32,
    questions: i32,
    flags: u8,
    tokens: [String; 2],
    made: usize,
    failed: usize,
    calls: usize,
    checked_calls: usize, // how many there were at the last check
    given: usize,         // how many arguments the last call had
    asked: Vec<u8>,
    answered: Vec<u8>,
    recorded: usize, // bytes
    first: Option<Failed>,
}

/// The first check that failed. Text is made of its call when all is over: the next question comes as soon as after one that holds.
struct Failed {
    condition: String,
    expected: String,
    call: Option<(Vec<u8>, Vec<u8>, usize)>, // the question, the answer, how many arguments
}

static STATE: Mutex<Option<State>> = Mutex::new(None);

fn with<T>(what: impl FnOnce(&mut State) -> T) -> T {
    let mut held: MutexGuard<Option<State>> = STATE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    match held.as_mut() {
        Some(state) => what(state),
        None => unsafe { _exit(124) },
    }
}

impl State {
    /// Report, and end the tests.
    fn over(&mut self, event: &str, detail: &str) -> ! {
        unsafe { close(self.questions) }; // before text is made of what failed, which takes time
        let token = &self.tokens[if event == "done" || event == "fault" { 0 } else { 1 }];
        let words: String = cut(detail).chars().map(|c| if c < ' ' { ' ' } else { c }).collect();
        let line = format!("{token} {event} checks={} failures={} {words}\n{}", self.made, self.failed, self.about());
        let _ = file(REPORT).write_all(line.as_bytes());
        unsafe { _exit(0) }
    }
    fn receive(&mut self) {
        let size = length(self.answers).unwrap_or_else(|| self.over("ended", ""));
        if size == 0 || size > MAX_BYTES {
            self.over("tampered", "the program sent what is no message");
        }
        self.answered = content(self.answers, size).unwrap_or_else(|| self.over("ended", ""));
        if self.flags & RECORD != 0 {
            self.recorded += 4 + size;
            if self.recorded > MOST_RECORDED {
                self.over("memory", "its answers are too large to be recorded");
            }
            send(SECRET, &self.answered);
        }
    }
    /// The texts of a message behind `head` bytes, if it is just those.
    fn texts(&mut self, head: usize, count: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut from = Reader { data: &self.answered, at: head };
        while found.len() < count && self.answered.len() - from.at >= 4 {
            let size = from.clone().number();
            if size > self.answered.len() - from.at - 4 {
                break;
            }
            found.push(String::from_utf8_lossy(from.text()).into_owned());
        }
        if found.len() < count || from.at != self.answered.len() {
            self.over("tampered", "the program sent what is no message");
        }
        found
    }
    fn number_at(&self, place: usize) -> usize {
        Reader { data: &self.answered, at: place }.number()
    }
    /// What the answer to call `number` (0: loading) says that was thrown; nothing if it is of the kind wanted.
    fn expect(&mut self, kind: u8, number: usize) -> Option<String> {
        let (found, size) = (self.answered[0], self.answered.len());
        if found == b'T' && size >= 6 && self.number_at(1) == number && self.answered[5] <= 1 {
            let said = self.texts(6, 3);
            if self.answered[5] == 1 {
                self.over("memory", "an allocation failed");
            }
            let more = if said[1].is_empty() { "" } else { ": " };
            return Some(format!("{}{}{}", said[0], more, said[1]));
        }
        let whole = match kind {
            b'V' => size >= VALUE && self.number_at(1) == number,
            _ => size == 1,
        };
        if found != kind || !whole {
            self.over("tampered", "the program sent an answer that nobody asked for");
        }
        None
    }
    /// Whether the answer is one value and then the arguments, as asked.
    fn is_answer(&self, told: bool) -> bool {
        let mut from = Reader { data: &self.answered, at: VALUE };
        let mut values = 0;
        if !valid(&mut from, 1, &mut values) || self.answered.len() - from.at < 4 {
            return false;
        }
        let count = from.number();
        (count == 0 || (told && count == self.given))
            && (0..count).all(|_| valid(&mut from, 1, &mut values))
            && from.at == self.answered.len()
    }
    fn checked(&mut self, holds: bool, condition: &str, expected: &dyn Fn() -> String) {
        self.made += 1;
        if !holds {
            self.failed += 1;
            if self.failed == 1 {
                let small = self.asked.len() + self.answered.len() <= MOST_SHOWN;
                let called = self.calls > self.checked_calls && !self.answered.is_empty() && small;
                let call = called.then(|| (self.asked.clone(), self.answered.clone(), self.given));
                self.first = Some(Failed { condition: condition.to_string(), expected: expected(), call });
            }
        }
        self.checked_calls = self.calls;
        if !holds && self.flags & ALL_CHECKS == 0 {
            self.over("wrong", condition);
        }
    }
    fn about(&self) -> String {
        let first = match &self.first {
            Some(first) => first,
            None => return String::new(),
        };
        let mut parts = Vec::new();
        if let Some((asked, answered, given)) = &first.call {
            parts.push(("called_with", shown(Reader { data: asked, at: ARGUMENTS }, *given)));
            if answered[0] == b'V' {
                parts.push(("got", shown(Reader { data: answered, at: VALUE }, 1)));
            }
        }
        parts.push(("expected", first.expected.clone()));
        let parts: Vec<String> = parts.iter().map(|(name, text)| format!("\"{}\": {}", name, quoted(text))).collect();
        format!("{{{}}}\n", parts.join(", "))
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in cut(text).chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}

fn refuse(refused: Refused) -> ! {
    with(|state| state.over(if refused.claims { "tampered" } else { "error" }, &refused.why))
}

/// A question to be asked.
pub struct Question {
    out: Writer,
    told: bool,
}

/// Begin a call of a declared function.
pub fn question(function: usize, told: bool, count: usize) -> Question {
    let number = with(|state| {
        state.calls += 1;
        state.given = count;
        state.calls
    });
    let mut out = Writer::of(b'C');
    out.number(number);
    out.number(function);
    out.raw(&[told as u8]);
    out.number(count);
    Question { out, told }
}

impl Question {
    pub fn put<T: Put + ?Sized>(&mut self, value: &T) {
        value.put(&mut self.out);
    }
    /// Ask, and return the answer. What the candidate threw is thrown here.
    pub fn asked(self) -> Answer {
        let (message, thrown) = with(|state| {
            if self.out.beyond.is_some() {
                state.over("error", "the tests' values are too large");
            }
            state.asked = self.out.bytes;
            state.answered = Vec::new();
            if !send(state.questions, &state.asked) {
                state.over("ended", "");
            }
            state.receive();
            let thrown = state.expect(b'V', state.calls);
            if thrown.is_none() && !state.is_answer(self.told) {
                state.over("tampered", "the program sent what is no value");
            }
            (state.answered.clone(), thrown)
        });
        if let Some(said) = thrown {
            panic!("{}", said);
        }
        Answer { message, at: VALUE }
    }
}

/// An answer to be read: the value, then the arguments.
pub struct Answer {
    message: Vec<u8>,
    at: usize,
}

impl Answer {
    pub fn value<T: Get>(&mut self) -> T {
        let mut from = Reader { data: &self.message, at: self.at };
        let found = T::get(&mut from);
        self.at = from.at;
        found.unwrap_or_else(|refused| refuse(refused))
    }
    /// Whether any of the arguments changed.
    pub fn changed(&mut self) -> bool {
        let mut from = Reader { data: &self.message, at: self.at };
        self.at += 4;
        from.number() > 0
    }
    pub fn skip(&mut self) {
        let mut from = Reader { data: &self.message, at: self.at };
        from.skip();
        self.at = from.at;
    }
}

/// Count a check of a condition.
pub fn check(holds: bool, condition: &str) {
    with(|state| state.checked(holds, condition, &|| expected(condition)));
}

/// Count a comparison; both values are at hand.
pub fn compared(holds: bool, sides: [&str; 2], values: [&dyn std::fmt::Debug; 2]) {
    let which = if is_call(sides[1]) && !is_call(sides[0]) { 0 } else { 1 };
    let condition = format!("{}, {}", sides[0], sides[1]);
    with(|state| state.checked(holds, &condition, &|| format!("{:?}", values[which])));
}

fn is_call(text: &str) -> bool {
    let name: String = text.trim_start_matches([' ', '(', '&', '*']).chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let rest = text.trim_start_matches([' ', '(', '&', '*']);
    name.starts_with(|c: char| c.is_lowercase() || c == '_') && rest[name.len()..].trim_start().starts_with('(')
}

/// Where `what` begins outside of brackets and quotes.
fn outside(text: &str, what: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut skip) = (0, false, false);
    for (at, c) in text.char_indices() {
        if skip {
            skip = false;
        } else if quoted {
            skip = c == '\\';
            quoted = c != '"';
        } else if depth == 0 && text[at..].starts_with(what) {
            return Some(at);
        } else {
            quoted = c == '"';
            depth += "([{".contains(c) as i32 - ")]}".contains(c) as i32;
        }
    }
    None
}

/// What a condition compares a call with, as it is written: `f(x) == 2`, `f(x) - 2.0 < 1e-6`; else the condition.
fn expected(condition: &str) -> String {
    let text = condition.trim();
    for operator in ["==", "!=", " < "] {
        if let Some(at) = outside(text, operator) {
            let (left, right) = (text[..at].trim(), text[at + operator.len()..].trim());
            return if is_call(right) && !is_call(left) { left } else { right }.to_string();
        }
    }
    text.to_string()
}

pub type Test = fn();

/// Take the six descriptors, wait until the candidate is loaded, run the tests and report.
pub fn run(tests: &[Test]) -> ! {
    writes_may_fail();
    let mut secret = [0; 66];
    let moved = unsafe { (fcntl(0, F_DUPFD_CLOEXEC, FIRST_FREE), fcntl(1, F_DUPFD_CLOEXEC, FIRST_FREE)) };
    let null = std::fs::File::open("/dev/null").map(std::os::unix::io::IntoRawFd::into_raw_fd).unwrap_or(-1);
    if unsafe { dup2(null, 0) < 0 || dup2(2, 1) < 0 } || file(SECRET).read_exact(&mut secret).is_err() {
        unsafe { _exit(124) }
    }
    let text = String::from_utf8_lossy(&secret).into_owned();
    *STATE.lock().unwrap() = Some(State {
        answers: moved.0,
        questions: moved.1,
        flags: secret[64] - b'0',
        tokens: [text[..32].to_string(), text[32..64].to_string()],
        made: 0,
        failed: 0,
        calls: 0,
        checked_calls: 0,
        given: 0,
        asked: Vec::new(),
        answered: Vec::new(),
        recorded: 0,
        first: None,
    });
    with(|state| {
        state.receive();
        if state.answered[0] == b'E' {
            let why = state.texts(1, 1);
            state.over("compile", &why[0]);
        }
        if let Some(thrown) = state.expect(b'R', 0) {
            state.over("error", &thrown);
        }
        let _ = file(REPORT).write_all(b"ready\n");
    });
    set_hook(Box::new(|_| {}));
    for test in tests {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(test)) {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_string();
            with(|state| state.over("error", &text));
        }
    }
    with(|state| {
        let why = state.first.as_ref().map(|first| first.condition.clone()).unwrap_or_default();
        state.over("done", &why)
    })
}
