//! Chance that is the same in every run.

/// A number from 0 up to, and never, 1, that depends on nothing but these.
pub(super) fn chance(seed: u64, of: &[u64]) -> f64 {
    let mixed = of
        .iter()
        .fold(mix(seed), |so_far, &part| mix(so_far ^ part));
    // 53 bits are what an f64 holds exactly.
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// SplitMix64: its outcome looks random even where its input counts up.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_depends_on_all_it_is_given() {
        let base = chance(1, &[2, 3]);
        assert_eq!(chance(1, &[2, 3]), base);
        for other in [chance(0, &[2, 3]), chance(1, &[3, 2]), chance(1, &[2, 4])] {
            assert_ne!(other, base);
        }
    }

    #[test]
    fn it_is_spread_evenly() {
        let below = (0..10_000).filter(|&number| chance(7, &[number]) < 0.3);
        assert!((2_800..3_200).contains(&below.count()));
        assert!((0..10_000).all(|number| (0.0..1.0).contains(&chance(7, &[number]))));
    }
}
