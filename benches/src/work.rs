//! The tasks of the pools, plain code that knows nothing of actors.

use std::ops::Range;
use std::sync::Arc;

use actor_examples::image_pipeline::{Canvas, Filter, Layout, Picture};

/// A task for a worker; its result is a number that can be checked.
#[derive(Clone)]
pub(crate) enum Task {
    /// The square of a number: next to nothing.
    Square(u64),
    /// How many primes are in a range.
    Primes(Range<u64>),
    /// A blurred picture, as the sum of its bytes.
    Blur(Arc<Picture>),
}

impl Task {
    pub(crate) fn run(self) -> u64 {
        match self {
            Task::Square(number) => number * number,
            Task::Primes(range) => primes(range),
            Task::Blur(picture) => blurred(&picture),
        }
    }
}

/// How many odd numbers are sieved at a time: their flags stay in the nearest cache.
const SEGMENT: u64 = 32 * 1024;

/// Counts the primes of a range by a sieve of Eratosthenes, a segment at a time.
fn primes(range: Range<u64>) -> u64 {
    let root = range.end.isqrt() as usize + 1;
    let mut composite = vec![false; root + 1];
    let mut small = Vec::new();
    for odd in (3..=root).step_by(2) {
        if !composite[odd] {
            small.push(odd as u64);
            (odd * odd..=root)
                .step_by(2 * odd)
                .for_each(|multiple| composite[multiple] = true);
        }
    }

    let mut count = u64::from(range.contains(&2));
    let mut start = range.start.max(3) | 1;
    let mut flags = vec![true; SEGMENT as usize];
    while start < range.end {
        let odds = (range.end - start).div_ceil(2).min(SEGMENT) as usize;
        let flags = &mut flags[..odds];
        flags.fill(true);
        let end = start + 2 * odds as u64;
        for &prime in small.iter().take_while(|&prime| prime * prime < end) {
            let factor = start.div_ceil(prime).max(prime) | 1;
            let first = ((factor * prime - start) / 2) as usize;
            for flag in flags.iter_mut().skip(first).step_by(prime as usize) {
                *flag = false;
            }
        }
        count += flags.iter().filter(|&&prime| prime).count() as u64;
        start = end;
    }
    count
}

fn blurred(picture: &Picture) -> u64 {
    let layout = Layout::new(0, picture.size(), Filter::Blur);
    let mut canvas = Canvas::new(layout, picture.has_alpha());
    for id in layout.ids() {
        let strip = layout
            .cut(picture, id)
            .expect("the layout is this picture's");
        canvas.place(&strip.filtered());
    }
    let whole = canvas.into_picture().expect("all strips are there");
    whole.pixels().iter().map(|&byte| u64::from(byte)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_count_as_one_by_one() {
        let is_prime = |n: u64| n > 1 && (2..=n.isqrt()).all(|d| !n.is_multiple_of(d));
        for range in [0..0, 0..3, 0..1_000, 10_007..10_008, 65_530..131_100] {
            let naive = range.clone().filter(|&number| is_prime(number)).count();
            assert_eq!(primes(range.clone()), naive as u64, "{range:?}");
        }
        assert_eq!(primes(0..10_000_000), 664_579);
    }
}
