//! Eratosthenes' sieve, a segment at a time.

use std::ops::Range;

/// How many odd numbers are sieved at a time: their flags stay in the cache that is nearest.
pub(super) const SEGMENT: usize = 32 * 1024;

/// Finds the primes of any range below its limit.
#[derive(Debug)]
pub(super) struct Sieve {
    limit: u64,
    /// The odd ones whose squares are below the limit. What none of them divides is a prime.
    primes: Vec<u64>,
}

/// A prime whose multiples are crossed off.
struct Crossing {
    prime: usize,
    /// The place in the segment of its next odd multiple.
    next: usize,
}

impl Sieve {
    pub(super) fn below(limit: u64) -> Sieve {
        let root = limit.isqrt() as usize + 1;
        let mut composite = vec![false; root];
        let mut primes = Vec::new();
        for odd in (3..root).step_by(2) {
            if !composite[odd] && (odd as u64).pow(2) < limit {
                primes.push(odd as u64);
                let multiples = (odd * odd..root).step_by(2 * odd);
                multiples.for_each(|multiple| composite[multiple] = true);
            }
        }
        Sieve { limit, primes }
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    pub(super) fn primes(&self) -> &[u64] {
        &self.primes
    }

    /// How many primes are in a range that ends at the limit at most.
    pub(super) fn count(&self, range: &Range<u64>) -> u64 {
        assert!(range.end <= self.limit, "{range:?} is beyond the limit");
        let two = u64::from(range.contains(&2));
        let mut flags = vec![true; SEGMENT];
        let mut crossings = Vec::new();
        let mut start = range.start.max(3) | 1;
        let mut count = two;
        while start < range.end {
            let odds = (range.end - start).div_ceil(2);
            let segment = &mut flags[..odds.min(SEGMENT as u64) as usize];
            let end = start + 2 * segment.len() as u64;
            self.join(&mut crossings, start..end);
            count += sieve(segment, &mut crossings);
            start = end;
        }
        count
    }

    /// From this segment on, the primes with a square below its end have multiples to cross off.
    fn join(&self, crossings: &mut Vec<Crossing>, segment: Range<u64>) {
        let rest = &self.primes[crossings.len()..];
        let joining = rest.iter().take_while(|&prime| prime * prime < segment.end);
        crossings.extend(joining.map(|&prime| {
            // Smaller multiples have smaller factors.
            let factor = segment.start.div_ceil(prime).max(prime) | 1;
            Crossing {
                prime: prime as usize,
                next: ((factor * prime - segment.start) / 2) as usize,
            }
        }));
    }
}

/// Counts the primes of a segment.
fn sieve(segment: &mut [bool], crossings: &mut [Crossing]) -> u64 {
    segment.fill(true);
    for Crossing { prime, next } in crossings {
        let mut place = *next;
        while let Some(flag) = segment.get_mut(place) {
            *flag = false;
            place += *prime;
        }
        *next = place - segment.len();
    }
    segment.iter().map(|&flag| u64::from(flag)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As the definition reads.
    fn is_prime(number: u64) -> bool {
        number > 1 && (2..=number.isqrt()).all(|divisor| !number.is_multiple_of(divisor))
    }

    fn naive(range: Range<u64>) -> u64 {
        range.filter(|&number| is_prime(number)).count() as u64
    }

    fn count(limit: u64) -> u64 {
        Sieve::below(limit).count(&(0..limit))
    }

    #[test]
    fn every_small_limit_is_right() {
        let mut expected = 0;
        for limit in 0..3_000 {
            assert_eq!(count(limit), expected, "below {limit}");
            expected += u64::from(is_prime(limit));
        }
    }

    #[test]
    fn limits_at_the_borders_of_segments_are_right() {
        let segment = 2 * SEGMENT as u64;
        for border in [segment, 2 * segment] {
            let mut expected = naive(0..border - 3);
            for limit in border - 3..=border + 5 {
                assert_eq!(count(limit), expected, "below {limit}");
                expected += u64::from(is_prime(limit));
            }
        }
    }

    #[test]
    fn squares_of_primes_are_none() {
        for prime in [3, 5, 7, 11, 251, 257, 509, 521] {
            let square = prime * prime;
            assert_eq!(count(square + 1), count(square), "{square}");
        }
    }

    #[test]
    fn known_counts_are_found() {
        assert_eq!(count(1_000_000), 78_498);
        assert_eq!(count(10_000_000), 664_579);
    }

    proptest! {
        #[test]
        fn a_range_anywhere_is_right(start in 0_u64..100_000_000, length in 0_u64..500) {
            let range = start..start + length;
            let sieve = Sieve::below(range.end);
            prop_assert_eq!(sieve.count(&range), naive(range));
        }
    }
}
