//! How the types of Rust cross: `Put` writes one, `Get` reads one by its declared type.
use crate::wire::{refused, Reader, Refused, Writer};
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasher, Hash};

pub trait Put {
    fn put(&self, out: &mut Writer);
}
pub trait Get: Sized {
    fn get(from: &mut Reader) -> Result<Self, Refused>;
}

const OUT_OF_RANGE: &str = "an integer beyond the declared type was returned";

macro_rules! integers {
    ($($kind:ident)+) => {$(
        impl Put for $kind {
            fn put(&self, out: &mut Writer) {
                out.integer(*self as i128, *self > 0 && (*self as i128) < 0);
            }
        }
        impl Get for $kind {
            fn get(from: &mut Reader) -> Result<$kind, Refused> {
                let (value, beyond) = from.integer()?;
                let found = if beyond { $kind::try_from(value as u128).ok() } else { $kind::try_from(value).ok() };
                found.map_or_else(|| refused(OUT_OF_RANGE), Ok)
            }
        }
    )+};
}
integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! floats {
    ($($kind:ident $tag:literal $size:literal)+) => {$(
        impl Put for $kind {
            fn put(&self, out: &mut Writer) {
                out.tagged($tag, &self.to_le_bytes());
            }
        }
        impl Get for $kind {
            fn get(from: &mut Reader) -> Result<$kind, Refused> {
                let mut bytes = [0; $size];
                bytes.copy_from_slice(from.content($tag, $size)?);
                Ok($kind::from_le_bytes(bytes))
            }
        }
    )+};
}
floats!(f32 b'e' 4 f64 b'd' 8);

impl Put for bool {
    fn put(&self, out: &mut Writer) {
        out.tagged(if *self { b't' } else { b'f' }, &[]);
    }
}
impl Get for bool {
    fn get(from: &mut Reader) -> Result<bool, Refused> {
        let value = from.tag() == b't';
        from.content(if value { b't' } else { b'f' }, 0)?;
        Ok(value)
    }
}
impl Put for char {
    fn put(&self, out: &mut Writer) {
        out.tagged(b'c', &(*self as u32).to_le_bytes());
    }
}
impl Get for char {
    fn get(from: &mut Reader) -> Result<char, Refused> {
        from.content(b'c', 0)?;
        char::from_u32(from.number() as u32).map_or_else(|| refused("half a surrogate pair was returned"), Ok)
    }
}
impl Put for str {
    fn put(&self, out: &mut Writer) {
        out.tagged(b's', &[]);
        out.text(self.as_bytes());
    }
}
impl Put for String {
    fn put(&self, out: &mut Writer) {
        self.as_str().put(out);
    }
}
impl Get for String {
    fn get(from: &mut Reader) -> Result<String, Refused> {
        from.content(b's', 0)?;
        Ok(String::from_utf8_lossy(from.text()).into_owned())
    }
}
impl Put for () {
    fn put(&self, out: &mut Writer) {
        out.tagged(b'n', &[]);
    }
}
impl Get for () {
    fn get(from: &mut Reader) -> Result<(), Refused> {
        from.content(b'n', 0).map(|_| ())
    }
}

macro_rules! transparent {
    ($($kind:ty)+) => {$(
        impl<T: Put + ?Sized> Put for $kind {
            fn put(&self, out: &mut Writer) {
                (**self).put(out);
            }
        }
    )+};
}
transparent!(&T &mut T Box<T> std::rc::Rc<T> std::sync::Arc<T>);
impl<T: Get> Get for Box<T> {
    fn get(from: &mut Reader) -> Result<Box<T>, Refused> {
        T::get(from).map(Box::new)
    }
}
// What a reference is to lives on.
impl<T: Get> Get for &'static T {
    fn get(from: &mut Reader) -> Result<&'static T, Refused> {
        T::get(from).map(|value| &*Box::leak(Box::new(value)))
    }
}
impl<T: Get> Get for &'static [T] {
    fn get(from: &mut Reader) -> Result<&'static [T], Refused> {
        Vec::get(from).map(|value| &*value.leak())
    }
}
impl Get for &'static str {
    fn get(from: &mut Reader) -> Result<&'static str, Refused> {
        String::get(from).map(|value| &*Box::leak(value.into_boxed_str()))
    }
}

impl<T: Put> Put for Option<T> {
    fn put(&self, out: &mut Writer) {
        match self {
            Some(value) => out.named("Some", |out| value.put(out)),
            None => out.tagged(b'n', &[]),
        }
    }
}
impl<T: Get> Get for Option<T> {
    fn get(from: &mut Reader) -> Result<Option<T>, Refused> {
        if from.tag() == b'n' {
            return from.content(b'n', 0).map(|_| None);
        }
        from.content(b'k', 0)?;
        match from.name() {
            "Some" => T::get(from).map(Some),
            other => refused(&format!("a {} was returned where an Option is declared", other)),
        }
    }
}
impl<T: Put, E: Put> Put for Result<T, E> {
    fn put(&self, out: &mut Writer) {
        match self {
            Ok(value) => out.named("Result::Ok", |out| value.put(out)),
            Err(value) => out.named("Result::Err", |out| value.put(out)),
        }
    }
}
impl<T: Get, E: Get> Get for Result<T, E> {
    fn get(from: &mut Reader) -> Result<Result<T, E>, Refused> {
        from.content(b'k', 0)?;
        match from.name() {
            "Result::Ok" => T::get(from).map(Ok),
            "Result::Err" => E::get(from).map(Err),
            other => refused(&format!("a {} was returned where a Result is declared", other)),
        }
    }
}

impl<T: Put> Put for [T] {
    fn put(&self, out: &mut Writer) {
        out.counted(b'l', self.len(), |out| self.iter().for_each(|each| each.put(out)));
    }
}
impl<T: Put, const N: usize> Put for [T; N] {
    fn put(&self, out: &mut Writer) {
        self.as_slice().put(out);
    }
}
impl<T: Get, const N: usize> Get for [T; N] {
    fn get(from: &mut Reader) -> Result<[T; N], Refused> {
        Vec::get(from)?.try_into().or_else(|_| refused("a list of another length was returned"))
    }
}
macro_rules! lists {
    ($($kind:ident [$($extra:ident)?] $($bound:ident)*;)+) => {$(
        impl<T: Put $(, $extra)?> Put for $kind<T $(, $extra)?> {
            fn put(&self, out: &mut Writer) {
                out.counted(b'l', self.len(), |out| self.iter().for_each(|each| each.put(out)));
            }
        }
        impl<T: Get $(+ $bound)* $(, $extra: BuildHasher + Default)?> Get for $kind<T $(, $extra)?> {
            fn get(from: &mut Reader) -> Result<Self, Refused> {
                (0..from.open(b'l')?).map(|_| T::get(from)).collect()
            }
        }
    )+};
}
lists!(Vec []; VecDeque []; LinkedList []; BTreeSet [] Ord; HashSet [S] Eq Hash;);
macro_rules! maps {
    ($($kind:ident [$($extra:ident)?] $($bound:ident)*;)+) => {$(
        impl<K: Put, V: Put $(, $extra)?> Put for $kind<K, V $(, $extra)?> {
            fn put(&self, out: &mut Writer) {
                out.counted(b'm', self.len(), |out| {
                    self.iter().for_each(|(key, value)| {
                        key.put(out);
                        value.put(out);
                    })
                });
            }
        }
        impl<K: Get $(+ $bound)*, V: Get $(, $extra: BuildHasher + Default)?> Get for $kind<K, V $(, $extra)?> {
            fn get(from: &mut Reader) -> Result<Self, Refused> {
                (0..from.open(b'm')?).map(|_| Ok((K::get(from)?, V::get(from)?))).collect()
            }
        }
    )+};
}
maps!(BTreeMap [] Ord; HashMap [S] Eq Hash;);

macro_rules! tuples {
    ($($count:literal $($part:ident $place:tt)+;)+) => {$(
        impl<$($part: Put),+> Put for ($($part,)+) {
            fn put(&self, out: &mut Writer) {
                out.counted(b'p', $count, |out| {$(self.$place.put(out);)+});
            }
        }
        impl<$($part: Get),+> Get for ($($part,)+) {
            fn get(from: &mut Reader) -> Result<Self, Refused> {
                if from.open(b'p')? != $count {
                    return refused("a tuple of another length was returned");
                }
                Ok(($($part::get(from)?,)+))
            }
        }
    )+};
}
tuples! {
    1 A 0;
    2 A 0 B 1;
    3 A 0 B 1 C 2;
    4 A 0 B 1 C 2 D 3;
    5 A 0 B 1 C 2 D 3 E 4;
    6 A 0 B 1 C 2 D 3 E 4 F 5;
    7 A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
}

/// The closed list of what crosses in a `dyn Any`, by its exact type.
macro_rules! any {
    ($($kind:ty),+) => {
        impl Put for dyn Any {
            fn put(&self, out: &mut Writer) {
                $(if let Some(value) = self.downcast_ref::<$kind>() {
                    return out.named(stringify!($kind), |out| value.put(out));
                })+
                out.refuse("value of another type");
            }
        }
        impl Get for Box<dyn Any> {
            fn get(from: &mut Reader) -> Result<Box<dyn Any>, Refused> {
                from.content(b'k', 0)?;
                match from.name() {
                    $(name if name == stringify!($kind) => <$kind>::get(from).map(|value| Box::new(value) as Box<dyn Any>),)+
                    other => refused(&format!("a {} was returned, which is no plain value", other)),
                }
            }
        }
    };
}
any!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, bool, char, (), String, &'static str,
    Vec<Box<dyn Any>>, Vec<i32>, Vec<i64>, Vec<f64>, Vec<String>, Vec<&'static str>
);
impl Get for &'static dyn Any {
    fn get(from: &mut Reader) -> Result<&'static dyn Any, Refused> {
        Box::<dyn Any>::get(from).map(|value| &*Box::leak(value))
    }
}
