//! The crate `md5` as far as programs use it (the interface of version 0.7): `compute`, `Context`, `Digest`. RFC 1321.
use std::fmt;

#[derive(Clone, Copy, Debug, Hash, Eq, Ord, PartialEq, PartialOrd)]
pub struct Digest(pub [u8; 16]);

macro_rules! hexadecimal {
    ($($style:ident $form:literal)+) => {$(
        impl fmt::$style for Digest {
            fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(to, $form, byte))
            }
        }
    )+};
}
hexadecimal!(LowerHex "{:02x}" UpperHex "{:02X}");

impl std::ops::Deref for Digest {
    type Target = [u8; 16];
    fn deref(&self) -> &[u8; 16] {
        &self.0
    }
}
impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
impl From<Digest> for [u8; 16] {
    fn from(digest: Digest) -> [u8; 16] {
        digest.0
    }
}

/// Data that comes in parts.
#[derive(Clone, Default)]
pub struct Context(Vec<u8>);

impl Context {
    pub fn new() -> Context {
        Context::default()
    }
    pub fn consume<T: AsRef<[u8]>>(&mut self, data: T) {
        self.0.extend_from_slice(data.as_ref());
    }
    pub fn compute(self) -> Digest {
        compute(self.0)
    }
}
impl std::io::Write for Context {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.consume(data);
        Ok(data.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

pub fn compute<T: AsRef<[u8]>>(data: T) -> Digest {
    let mut whole = data.as_ref().to_vec();
    let bits = (whole.len() as u64).wrapping_mul(8);
    whole.push(0x80);
    whole.resize((whole.len() + 8 + 63) / 64 * 64 - 8, 0);
    whole.extend_from_slice(&bits.to_le_bytes());
    let mut state = [0x67452301u32, 0xefcdab89, 0x98badcfe, 0x10325476];
    whole.chunks(64).for_each(|block| round(&mut state, block));
    let mut digest = [0; 16];
    for (place, word) in state.iter().enumerate() {
        digest[place * 4..place * 4 + 4].copy_from_slice(&word.to_le_bytes());
    }
    Digest(digest)
}

fn round(state: &mut [u32; 4], block: &[u8]) {
    let word = |at: usize| u32::from_le_bytes([block[at * 4], block[at * 4 + 1], block[at * 4 + 2], block[at * 4 + 3]]);
    let [mut a, mut b, mut c, mut d] = *state;
    for i in 0..64usize {
        let (mixed, at) = match i / 16 {
            0 => ((b & c) | (!b & d), i),
            1 => ((d & b) | (!d & c), (5 * i + 1) % 16),
            2 => (b ^ c ^ d, (3 * i + 5) % 16),
            _ => (c ^ (b | !d), 7 * i % 16),
        };
        let sine = ((i as f64 + 1.0).sin().abs() * 4294967296.0) as u32;
        let sum = a.wrapping_add(mixed).wrapping_add(sine).wrapping_add(word(at));
        (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(TURNS[i / 16][i % 4])));
    }
    for (kept, new) in state.iter_mut().zip([a, b, c, d]) {
        *kept = kept.wrapping_add(new);
    }
}
