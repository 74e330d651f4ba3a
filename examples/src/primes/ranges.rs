//! Cuts what is below a limit into ranges of equal work.

use std::ops::Range;

use super::sieve::{SEGMENT, Sieve};

/// What there is to do for each number, whatever it is, in crossings-off: its flag is set and counted.
const FLAG: f64 = 0.05;
/// What there is to do for each prime in each segment, beside its crossings-off.
const TURN: f64 = 8.0;

/// Cuts the numbers below the sieve's limit into so many ranges at most, each as much work as the
/// next. None is much shorter than a segment: so short ones would be more beginning than work.
pub(super) fn equal(sieve: &Sieve, most: usize) -> Vec<Range<u64>> {
    let segments = sieve.limit().div_ceil(2 * SEGMENT as u64);
    let parts = segments.clamp(1, most as u64);
    let share = stretches(sieve).map(|stretch| stretch.work()).sum::<f64>() / parts as f64;

    let mut ranges = Vec::new();
    let mut start = 0;
    let mut before = 0.0;
    for stretch in stretches(sieve) {
        // The last range ends at the limit, whatever was rounded.
        while (ranges.len() as u64) < parts - 1 {
            let missing = share * (ranges.len() + 1) as f64 - before;
            if missing >= stretch.work() {
                break;
            }
            let end = stretch.numbers.start + (missing / stretch.density) as u64;
            ranges.push(start..end);
            start = end;
        }
        before += stretch.work();
    }
    ranges.push(start..sieve.limit());
    ranges
}

/// Numbers that are all the same work.
struct Stretch {
    numbers: Range<u64>,
    /// The work for each number.
    density: f64,
}

impl Stretch {
    fn work(&self) -> f64 {
        (self.numbers.end - self.numbers.start) as f64 * self.density
    }
}

/// With the square of each prime, another stretch begins: from there on its multiples are crossed
/// off.
fn stretches(sieve: &Sieve) -> impl Iterator<Item = Stretch> {
    let squares = sieve.primes().iter().map(|prime| prime * prime);
    let ends = squares.chain([sieve.limit()]);
    let primes = sieve.primes().iter().map(Some).chain([None]);
    let mut start = 0;
    let mut density = FLAG;
    ends.zip(primes).map(move |(end, prime)| {
        let numbers = start..end;
        start = end;
        let stretch = Stretch { numbers, density };
        if let Some(prime) = prime {
            // Only its odd multiples.
            density += 0.5 / *prime as f64 + TURN / (2 * SEGMENT) as f64;
        }
        stretch
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counted crossing by crossing, not by densities.
    fn work(sieve: &Sieve, range: &Range<u64>) -> f64 {
        let of_prime = |&prime: &u64| {
            let from = range.start.max(prime * prime);
            let multiple = from.next_multiple_of(prime);
            let odd = multiple + prime * (1 - multiple % 2);
            let crossings = (odd..range.end).step_by(2 * prime as usize).count();
            let numbers = range.end.saturating_sub(from);
            crossings as f64 + TURN * numbers as f64 / (2 * SEGMENT) as f64
        };
        let of_primes: f64 = sieve.primes().iter().map(of_prime).sum();
        of_primes + FLAG * (range.end - range.start) as f64
    }

    #[test]
    fn nothing_is_left_out_and_nothing_counted_twice() {
        for limit in [0, 1, 2, 3, 10, 65_536, 65_537, 131_071, 10_000_000] {
            for most in [1, 2, 3, 64, 1_000] {
                let ranges = equal(&Sieve::below(limit), most);
                assert!(ranges.len() <= most);
                let starts: Vec<_> = ranges.iter().map(|range| range.start).collect();
                let ends: Vec<_> = ranges.iter().map(|range| range.end).collect();
                assert_eq!((starts[0], ends[ends.len() - 1]), (0, limit));
                assert_eq!(starts[1..], ends[..ends.len() - 1]);
            }
        }
    }

    #[test]
    fn each_is_as_much_work_as_the_next() {
        let sieve = Sieve::below(10_000_000);
        let ranges = equal(&sieve, 64);
        assert_eq!(ranges.len(), 64);
        let all: f64 = ranges.iter().map(|range| work(&sieve, range)).sum();
        for range in &ranges {
            let share = 64.0 * work(&sieve, range) / all;
            assert!((0.997..1.003).contains(&share), "{range:?}: {share}");
        }
        // Large numbers are more work than small ones.
        let length = |range: &Range<u64>| range.end - range.start;
        assert!(length(&ranges[0]) > length(&ranges[63]) * 5 / 4);
    }

    #[test]
    fn ranges_are_not_much_shorter_than_a_segment() {
        let segment = 2 * SEGMENT as u64;
        let ranges = |limit| equal(&Sieve::below(limit), 64).len();
        assert_eq!(
            [0, 1, segment, segment + 1, 3 * segment].map(ranges),
            [1, 1, 1, 2, 3]
        );
    }
}
