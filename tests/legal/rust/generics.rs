// why: traits, generic types and an iterator of its own
    let mut all = Turns { steps: levels.windows(2).map(|pair| pair[1].compare(&pair[0])), last: 0 };
    all.by_ref().sum::<i32>()
}

trait Compare {
    fn compare(&self, other: &Self) -> i32;
}

impl<T: Ord> Compare for T {
    fn compare(&self, other: &T) -> i32 {
        self.cmp(other) as i32
    }
}

struct Turns<I> {
    steps: I,
    last: i32,
}

impl<I: Iterator<Item = i32>> Iterator for Turns<I> {
    type Item = i32;

    fn next(&mut self) -> Option<i32> {
        let step = self.steps.next()?;
        let turned = step != 0 && self.last != 0 && step != self.last;
        self.last = if step != 0 { step } else { self.last };
        Some(turned as i32)
    }
}
