//! Both sides of the wall: the codec of plain values (`values.md`), what answers calls, and what makes them and counts checks.
//! Compiled once into the warm folder; programs and tests are compiled against it.
pub mod answer;
pub mod tests;
pub mod values;
pub mod wire;
pub use values::{Get, Put};
