//! Writing values, checking and reading messages, showing values as Rust writes them. Knows no type of Rust's.
use std::fs::File;
use std::io::{Read, Write};
use std::mem::ManuallyDrop;
use std::os::unix::io::FromRawFd;

pub const MAX_BYTES: usize = 64 << 20;
pub const MAX_VALUES: usize = 4_000_000;
pub const MAX_DEPTH: usize = 200;
pub const SHOWN: usize = 300;

/// A value that cannot be decoded as the declared type; `claims`: it says itself what it equals.
pub struct Refused {
    pub claims: bool,
    pub why: String,
}

const SIGPIPE: i32 = 13;
const SIG_IGN: usize = 1;

extern "C" {
    fn signal(number: i32, handler: usize) -> usize;
}

/// A pipe that nobody reads is an error of a write, and no signal: as Rust's own start does.
pub fn writes_may_fail() {
    unsafe { signal(SIGPIPE, SIG_IGN) };
}

/// A descriptor as a file that stays open.
pub fn file(fd: i32) -> ManuallyDrop<File> {
    ManuallyDrop::new(unsafe { File::from_raw_fd(fd) })
}

pub fn send(fd: i32, message: &[u8]) -> bool {
    let mut to = file(fd);
    to.write_all(&(message.len() as u32).to_le_bytes()).is_ok() && to.write_all(message).is_ok()
}

/// The length of the next message; None at the end.
pub fn length(fd: i32) -> Option<usize> {
    let mut size = [0; 4];
    file(fd).read_exact(&mut size).ok()?;
    Some(u32::from_le_bytes(size) as usize)
}

pub fn content(fd: i32, size: usize) -> Option<Vec<u8>> {
    let mut message = vec![0; size];
    file(fd).read_exact(&mut message).ok()?;
    Some(message)
}

/// A message being written. What is beyond the limits is noted in `beyond`, and nothing more is written.
#[derive(Default)]
pub struct Writer {
    pub bytes: Vec<u8>,
    values: usize,
    depth: usize,
    pub beyond: Option<&'static str>,
}

impl Writer {
    pub fn of(kind: u8) -> Writer {
        Writer { bytes: vec![kind], ..Writer::default() }
    }
    pub fn raw(&mut self, data: &[u8]) {
        if data.len() > MAX_BYTES - self.bytes.len() {
            self.beyond = self.beyond.or(Some("a value too large"));
        }
        if self.beyond.is_none() {
            self.bytes.extend_from_slice(data);
        }
    }
    pub fn number(&mut self, value: usize) {
        self.raw(&(value as u32).to_le_bytes());
    }
    pub fn text(&mut self, data: &[u8]) {
        self.number(data.len());
        self.raw(data);
    }
    pub fn tagged(&mut self, tag: u8, content: &[u8]) {
        self.values += 1;
        if self.values > MAX_VALUES {
            self.beyond = self.beyond.or(Some("a value too large"));
        }
        self.raw(&[tag]);
        self.raw(content);
    }
    /// A container: `each` writes what is in it.
    pub fn nested(&mut self, tag: u8, head: &[u8], each: impl FnOnce(&mut Writer)) {
        self.tagged(tag, head);
        self.depth += 1;
        if self.depth >= MAX_DEPTH {
            self.beyond = self.beyond.or(Some("a value nested too deep"));
        }
        if self.beyond.is_none() {
            each(self);
        }
        self.depth -= 1;
    }
    pub fn counted(&mut self, tag: u8, count: usize, each: impl FnOnce(&mut Writer)) {
        self.nested(tag, &(count.min(u32::MAX as usize) as u32).to_le_bytes(), each);
    }
    pub fn named(&mut self, name: &str, value: impl FnOnce(&mut Writer)) {
        let mut head = vec![name.len() as u8];
        head.extend_from_slice(name.as_bytes());
        self.nested(b'k', &head, value);
    }
    pub fn refuse(&mut self, kind: &str) {
        self.tagged(b'X', &[0]);
        self.text(kind.as_bytes());
    }
    pub fn integer(&mut self, value: i128, beyond_i128: bool) {
        if let (Ok(small), false) = (i64::try_from(value), beyond_i128) {
            return self.tagged(b'i', &small.to_le_bytes());
        }
        let mut bytes = value.to_le_bytes().to_vec();
        let (fill, sign) = if value < 0 && !beyond_i128 { (0xff, 0x80) } else { (0, 0) };
        if beyond_i128 {
            bytes.push(0);
        }
        while bytes.len() > 9 && bytes[bytes.len() - 1] == fill && bytes[bytes.len() - 2] & 0x80 == sign {
            bytes.pop();
        }
        self.tagged(b'I', &(bytes.len() as u32).to_le_bytes());
        self.raw(&bytes);
    }
}

/// What is left of a message that was found valid.
#[derive(Clone)]
pub struct Reader<'a> {
    pub data: &'a [u8],
    pub at: usize,
}

fn kind_of(tag: u8) -> &'static str {
    match tag {
        b'n' => "nothing",
        b't' | b'f' => "a bool",
        b'i' | b'I' => "an integer",
        b'd' => "a float of 64 bits",
        b'e' => "a float of 32 bits",
        b'c' => "a character",
        b's' => "a string",
        b'l' => "a list",
        b'p' => "a tuple",
        b'm' => "a map",
        b'k' => "a value of a named type",
        _ => "another value",
    }
}

pub fn refused<T>(why: &str) -> Result<T, Refused> {
    Err(Refused { claims: false, why: why.to_string() })
}

impl<'a> Reader<'a> {
    pub fn tag(&self) -> u8 {
        self.data[self.at]
    }
    pub fn take(&mut self, count: usize) -> &'a [u8] {
        self.at += count;
        &self.data[self.at - count..self.at]
    }
    pub fn number(&mut self) -> usize {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(self.take(4));
        u32::from_le_bytes(bytes) as usize
    }
    pub fn text(&mut self) -> &'a [u8] {
        let count = self.number();
        self.take(count)
    }
    pub fn name(&mut self) -> &'a str {
        let count = self.take(1)[0] as usize;
        std::str::from_utf8(self.take(count)).unwrap_or("")
    }
    /// The content of a value that has to have this tag.
    pub fn content(&mut self, tag: u8, count: usize) -> Result<&'a [u8], Refused> {
        if self.tag() == b'X' {
            let mut about = Reader { data: self.data, at: self.at + 2 };
            let kind = String::from_utf8_lossy(about.text()).into_owned();
            let claims = self.data[self.at + 1] == 1;
            let known = if claims { "says itself what it equals" } else { "is no plain value" };
            let article = if kind.starts_with("a ") { "" } else { "a " };
            return Err(Refused { claims, why: format!("{article}{kind} was returned, which {known}") });
        }
        if self.tag() != tag {
            return refused(&format!("{} was returned where {} is declared", kind_of(self.tag()), kind_of(tag)));
        }
        self.at += 1;
        Ok(self.take(count))
    }
    pub fn open(&mut self, tag: u8) -> Result<usize, Refused> {
        self.content(tag, 0)?;
        Ok(self.number())
    }
    /// An integer, and whether it is beyond i128 (then it is one of u128, by its bits).
    pub fn integer(&mut self) -> Result<(i128, bool), Refused> {
        if self.tag() != b'I' {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(self.content(b'i', 8)?);
            return Ok((i64::from_le_bytes(bytes) as i128, false));
        }
        self.at += 1;
        let bytes = self.text();
        let negative = bytes[bytes.len() - 1] & 0x80 != 0;
        let mut whole = [if negative { 0xff } else { 0 }; 16];
        let beyond = bytes.len() == 17 && bytes[16] == 0;
        if bytes.len() > 16 && !beyond {
            return refused("an integer beyond the declared type was returned");
        }
        let kept = bytes.len().min(16);
        whole[..kept].copy_from_slice(&bytes[..kept]);
        Ok((i128::from_le_bytes(whole), beyond))
    }
    pub fn skip(&mut self) {
        let mut values = 0;
        valid(self, 1, &mut values);
    }
    fn left(&self) -> usize {
        self.data.len() - self.at
    }
}

fn is_text(from: &mut Reader, utf8: bool, unit: usize) -> bool {
    if from.left() < 4 {
        return false;
    }
    let count = from.number();
    if count > from.left() || count % unit != 0 {
        return false;
    }
    let text = from.take(count);
    !utf8 || std::str::from_utf8(text).is_ok()
}

fn is_large(from: &mut Reader) -> bool {
    let begin = from.at + 4;
    if !is_text(from, false, 1) || from.at - begin < 9 {
        return false;
    }
    let (last, before) = (from.data[from.at - 1], from.data[from.at - 2]);
    !((last == 0 && before < 0x80) || (last == 0xff && before >= 0x80))
}

fn is_points(from: &mut Reader) -> bool {
    let mut each = Reader { data: from.data, at: from.at + 4 };
    if !is_text(from, false, 4) {
        return false;
    }
    while each.at < from.at {
        if each.number() > 0x10ffff {
            return false;
        }
    }
    true
}

fn skipped(from: &mut Reader, count: usize) -> bool {
    let there = from.left() >= count;
    from.at += if there { count } else { 0 };
    there
}

/// Whether a value is there, whole and within the limits; `from` is behind it then.
pub fn valid(from: &mut Reader, depth: usize, values: &mut usize) -> bool {
    *values += 1;
    if from.left() == 0 || depth > MAX_DEPTH || *values > MAX_VALUES {
        return false;
    }
    let tag = from.take(1)[0];
    match tag {
        b'n' | b'u' | b't' | b'f' => true,
        b'i' | b'd' => skipped(from, 8),
        b'e' => skipped(from, 4),
        b'c' => from.left() >= 4 && from.number() <= 0x10ffff,
        b'I' => is_large(from),
        b's' => is_text(from, true, 1),
        b'w' => is_text(from, false, 2),
        b'x' => is_points(from),
        b'b' => is_text(from, false, 1),
        b'X' => from.left() >= 1 && from.take(1)[0] <= 1 && is_text(from, true, 1),
        b'k' => {
            let count = if from.left() > 0 { from.take(1)[0] as usize } else { return false };
            from.left() >= count && std::str::from_utf8(from.take(count)).is_ok() && valid(from, depth + 1, values)
        }
        b'l' | b'p' | b'm' => {
            if from.left() < 4 {
                return false;
            }
            let count = from.number() * if tag == b'm' { 2 } else { 1 };
            count <= from.left() && (0..count).all(|_| valid(from, depth + 1, values))
        }
        _ => false,
    }
}

/// A text cut to what a report has room for.
pub fn cut(text: &str) -> &str {
    text.char_indices().nth(SHOWN).map_or(text, |(at, _)| &text[..at])
}

fn show_all(out: &mut String, from: &mut Reader, tag: u8) {
    let (open, close) = match tag {
        b'l' => ("[", "]"),
        b'p' => ("(", ")"),
        _ => ("{", "}"),
    };
    out.push_str(open);
    let count = from.open(tag).unwrap_or(0);
    for place in 0..count {
        if out.len() > SHOWN {
            return;
        }
        out.push_str(if place > 0 { ", " } else { "" });
        show(out, from);
        if tag == b'm' {
            out.push_str(": ");
            show(out, from);
        }
    }
    out.push_str(if tag == b'p' && count == 1 { ",)" } else { close });
}

fn show(out: &mut String, from: &mut Reader) {
    if out.len() > SHOWN {
        return;
    }
    let tag = from.tag();
    match tag {
        b't' | b'f' => out.push_str(if from.take(1)[0] == b't' { "true" } else { "false" }),
        b'i' | b'I' => {
            let (value, beyond) = from.integer().unwrap_or((0, false));
            out.push_str(&if beyond { (value as u128).to_string() } else { value.to_string() });
        }
        b'd' | b'e' => match from.take(if tag == b'd' { 9 } else { 5 }) {
            [_, a, b, c, d] => out.push_str(&format!("{:?}", f32::from_le_bytes([*a, *b, *c, *d]))),
            [_, rest @ ..] => out.push_str(&format!("{:?}", f64::from_le_bytes(rest.try_into().unwrap_or([0; 8])))),
            [] => {}
        },
        b'c' => {
            from.at += 1;
            let value = char::from_u32(from.number() as u32).unwrap_or('\u{fffd}');
            out.push_str(&format!("{:?}", value));
        }
        b's' => {
            from.at += 1;
            out.push_str(&format!("{:?}", cut(std::str::from_utf8(from.text()).unwrap_or(""))));
        }
        b'k' => {
            from.at += 1;
            let name = from.name();
            let open = name == "Some" || name.contains("::");
            out.push_str(if open { name } else { "" });
            let brackets = open && from.tag() != b'p';
            out.push_str(if brackets { "(" } else { "" });
            show(out, from);
            out.push_str(if brackets { ")" } else { "" });
        }
        b'l' | b'p' | b'm' => show_all(out, from, tag),
        b'n' => {
            from.at += 1;
            out.push_str("None");
        }
        _ => {
            from.skip();
            out.push('?');
        }
    }
}

/// Values as Rust writes them, with commas between.
pub fn shown(mut from: Reader, count: usize) -> String {
    let mut out = String::new();
    for place in 0..count {
        out.push_str(if place > 0 { ", " } else { "" });
        show(&mut out, &mut from);
    }
    out
}
