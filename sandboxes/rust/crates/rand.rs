//! The crate `rand` as far as programs use it (the interface of version 0.4, which the published tests are written for).
//! Not for cryptography: xorshift, seeded by the system's hash keys.
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

pub trait Rand: Sized {
    fn rand<R: Rng>(rng: &mut R) -> Self;
}

pub trait Rng: Sized {
    fn next_u64(&mut self) -> u64;
    fn next_u32(&mut self) -> u32 {
        (self.next_u64() >> 32) as u32
    }
    fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
    fn next_f32(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 / (1u32 << 24) as f32
    }
    fn fill_bytes(&mut self, to: &mut [u8]) {
        to.iter_mut().for_each(|byte| *byte = self.next_u32() as u8);
    }
    fn gen<T: Rand>(&mut self) -> T {
        T::rand(self)
    }
    fn gen_range<T: SampleRange>(&mut self, low: T, high: T) -> T {
        T::between(self, low, high)
    }
    fn gen_weighted_bool(&mut self, n: u32) -> bool {
        n <= 1 || self.gen_range(0, n) == 0
    }
    fn gen_bool(&mut self, probability: f64) -> bool {
        self.next_f64() < probability
    }
    fn choose<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        if values.is_empty() { None } else { values.get(self.gen_range(0, values.len())) }
    }
    fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.gen_range(0, last + 1));
        }
    }
}

pub trait SampleRange: Sized {
    fn between<R: Rng>(rng: &mut R, low: Self, high: Self) -> Self;
}

macro_rules! integers {
    ($($kind:ident)+) => {$(
        impl Rand for $kind {
            fn rand<R: Rng>(rng: &mut R) -> $kind {
                ((rng.next_u64() as u128) << 64 | rng.next_u64() as u128) as $kind
            }
        }
        impl SampleRange for $kind {
            fn between<R: Rng>(rng: &mut R, low: $kind, high: $kind) -> $kind {
                assert!(low < high, "Rng.gen_range called with low >= high");
                let span = (high as i128).wrapping_sub(low as i128) as u128;
                (low as i128).wrapping_add((rng.gen::<u128>() % span) as i128) as $kind
            }
        }
    )+};
}
integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! floats {
    ($($kind:ident $next:ident)+) => {$(
        impl Rand for $kind {
            fn rand<R: Rng>(rng: &mut R) -> $kind {
                rng.$next()
            }
        }
        impl SampleRange for $kind {
            fn between<R: Rng>(rng: &mut R, low: $kind, high: $kind) -> $kind {
                assert!(low < high, "Rng.gen_range called with low >= high");
                low + rng.$next() * (high - low)
            }
        }
    )+};
}
floats!(f32 next_f32 f64 next_f64);

impl Rand for bool {
    fn rand<R: Rng>(rng: &mut R) -> bool {
        rng.next_u64() >> 63 == 1
    }
}
impl Rand for char {
    fn rand<R: Rng>(rng: &mut R) -> char {
        loop {
            if let Some(found) = char::from_u32(rng.gen_range(0, 0x110000)) {
                return found;
            }
        }
    }
}

macro_rules! generators {
    ($($name:ident)+) => {$(
        #[derive(Clone, Debug)]
        pub struct $name(u64);
        impl Rng for $name {
            fn next_u64(&mut self) -> u64 {
                self.0 ^= self.0 >> 12;
                self.0 ^= self.0 << 25;
                self.0 ^= self.0 >> 27;
                self.0.wrapping_mul(0x2545f4914f6cdd1d)
            }
        }
    )+};
}
generators!(ThreadRng StdRng);

pub trait SeedableRng<Seed>: Rng {
    fn from_seed(seed: Seed) -> Self;
}
impl<'a> SeedableRng<&'a [usize]> for StdRng {
    fn from_seed(seed: &'a [usize]) -> StdRng {
        let mixed = seed.iter().fold(0x9e3779b97f4a7c15u64, |sum, each| {
            (sum ^ *each as u64).wrapping_mul(0x100000001b3).rotate_left(29)
        });
        StdRng(mixed | 1)
    }
}
impl StdRng {
    pub fn new() -> std::io::Result<StdRng> {
        Ok(StdRng(thread_rng().0))
    }
}

pub fn thread_rng() -> ThreadRng {
    ThreadRng(RandomState::new().build_hasher().finish() | 1)
}
pub fn random<T: Rand>() -> T {
    thread_rng().gen()
}
