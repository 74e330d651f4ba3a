//! The work itself, exact to the last digit.

use num_bigint::BigUint;

use super::task::{Kind, Task};

/// Does a task.
pub(super) fn solve(task: Task) -> Result<BigUint, Unsolvable> {
    let most = most(task.kind);
    match (task.kind, task.number) {
        (_, number) if number > most => Err(Unsolvable::TooLarge { most }),
        (Kind::Prime, 0) => Err(Unsolvable::NoPrime),
        (Kind::Fibonacci, number) => Ok(fibonacci(number)),
        (Kind::Factorial, number) => Ok(factorial(number)),
        (Kind::Prime, number) => Ok(prime(number).into()),
    }
}

/// Up to here each takes a few seconds at most. The numbers themselves have no bound, but a task
/// that nobody lives to see done is a mistake.
fn most(kind: Kind) -> u64 {
    match kind {
        Kind::Fibonacci | Kind::Prime => 1_000_000,
        Kind::Factorial => 100_000,
    }
}

fn fibonacci(number: u64) -> BigUint {
    let (mut this, mut next) = (BigUint::from(0_u8), BigUint::from(1_u8));
    for _ in 0..number {
        this += &next;
        std::mem::swap(&mut this, &mut next);
    }
    this
}

fn factorial(number: u64) -> BigUint {
    (2..=number).fold(BigUint::from(1_u8), |product, factor| product * factor)
}

/// Tries to divide each odd number by the primes up to its root.
fn prime(number: u64) -> u64 {
    let mut primes = vec![2];
    let mut last = 2;
    let mut candidate = 3_u64;
    while (primes.len() as u64) < number {
        let mut up_to_root = primes
            .iter()
            .take_while(|&prime| prime * prime <= candidate);
        if up_to_root.all(|prime| !candidate.is_multiple_of(*prime)) {
            primes.push(candidate);
            last = candidate;
        }
        candidate += 2;
    }
    last
}

/// Why a task has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unsolvable {
    #[error("the number is too large; it may be {most} at most")]
    TooLarge { most: u64 },
    #[error("there is no such prime; they are counted from 1 on")]
    NoPrime,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solved(kind: Kind, number: u64) -> BigUint {
        solve(Task { kind, number }).unwrap()
    }

    fn refused(kind: Kind, number: u64) -> Unsolvable {
        solve(Task { kind, number }).unwrap_err()
    }

    #[test]
    fn fibonacci_numbers_are_exact() {
        let first: Vec<_> = (0..=10).map(fibonacci).collect();
        let expected = [0_u8, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55];
        assert_eq!(first, expected.map(BigUint::from));
        assert_eq!(solved(Kind::Fibonacci, 40), 102_334_155_u32.into());
        let of_300 = "222232244629420445529739893461909967206666939096499764990979600";
        assert_eq!(solved(Kind::Fibonacci, 300).to_string(), of_300);
        // A law that ties numbers of thousands of digits to each other.
        for n in [99, 100, 5_000, 20_000] {
            let (this, next) = (fibonacci(n), fibonacci(n + 1));
            assert_eq!(fibonacci(2 * n + 1), &this * &this + &next * &next);
        }
    }

    #[test]
    fn factorials_are_exact() {
        let first: Vec<_> = (0..=6).map(factorial).collect();
        let expected = [1_u16, 1, 2, 6, 24, 120, 720];
        assert_eq!(first, expected.map(BigUint::from));
        let of_20 = solved(Kind::Factorial, 20);
        assert_eq!(of_20, 2_432_902_008_176_640_000_u64.into());
        let of_50 = "30414093201713378043612608166064768844377641568960512000000000000";
        assert_eq!(solved(Kind::Factorial, 50).to_string(), of_50);
        assert_eq!(factorial(2_000) / factorial(1_999), 2_000_u32.into());
    }

    #[test]
    fn primes_are_those_that_only_one_and_themselves_divide() {
        let is_prime = |n: &u64| {
            (1..=*n)
                .filter(|divisor| n.is_multiple_of(*divisor))
                .count()
                == 2
        };
        for (number, prime) in (1..).zip((0..2_000).filter(is_prime)) {
            assert_eq!(solved(Kind::Prime, number), prime.into());
        }
        assert_eq!(solved(Kind::Prime, 10_000), 104_729_u32.into());
    }

    #[test]
    fn what_has_no_result_or_takes_too_long_is_refused() {
        assert_eq!(refused(Kind::Prime, 0), Unsolvable::NoPrime);
        for kind in Kind::ALL {
            let too_large = Unsolvable::TooLarge { most: most(kind) };
            assert_eq!(refused(kind, most(kind) + 1), too_large);
            assert_eq!(refused(kind, u64::MAX), too_large);
        }
    }
}
