//! What the memory is filled with: the bytes 0 to 255, again and again.

use std::array::from_fn;

use actor_core::SharedArray;

const PERIOD: usize = 256;
/// As many bytes as a word has.
const WORD: usize = size_of::<u64>();

/// Bytes, `length` of them.
pub(super) fn bytes(length: usize) -> Vec<u8> {
    let mut bytes = from_fn::<_, PERIOD, _>(byte).repeat(length.div_ceil(PERIOD));
    bytes.truncate(length);
    bytes
}

/// The same bytes in words.
pub(super) fn shared(length: usize) -> SharedArray<u64> {
    (0..length / WORD).map(word).collect()
}

/// Looks at each byte.
pub(super) fn check_untouched(bytes: &[u8]) -> Result<(), WrongByte> {
    check(bytes, &from_fn(byte))
}

/// Looks at each byte: each of its bits was flipped once.
pub(super) fn check_flipped(bytes: &[u8]) -> Result<(), WrongByte> {
    check(bytes, &from_fn(|index| !byte(index)))
}

/// The same for shared words.
pub(super) fn check_flipped_words(words: &SharedArray<u64>) -> Result<(), WrongByte> {
    match (0..words.len()).find(|&index| words.load(index) != !word(index)) {
        None => Ok(()),
        Some(index) => Err(WrongByte(index * WORD)),
    }
}

fn check(bytes: &[u8], expected: &[u8; PERIOD]) -> Result<(), WrongByte> {
    // Whole periods are compared at once: a byte at a time takes seconds in a debug build.
    for (number, found) in bytes.chunks(PERIOD).enumerate() {
        if found != &expected[..found.len()] {
            let same = found.iter().zip(expected).take_while(|(a, b)| a == b);
            return Err(WrongByte(number * PERIOD + same.count()));
        }
    }
    Ok(())
}

/// The lowest eight bits, which begin anew with each period.
fn byte(index: usize) -> u8 {
    index as u8
}

fn word(index: usize) -> u64 {
    u64::from_ne_bytes(from_fn(|place| byte(index * WORD + place)))
}

/// A byte that is not what it should be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {0} is not what it should be")]
pub(super) struct WrongByte(usize);

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: usize = 3 * PERIOD + 16;

    #[test]
    fn one_wrong_byte_is_found_wherever_it_is() {
        for index in [0, 7, PERIOD, LENGTH - 1] {
            let mut bytes = bytes(LENGTH);
            assert_eq!(check_untouched(&bytes), Ok(()));
            bytes[index] ^= 1;
            assert_eq!(check_untouched(&bytes), Err(WrongByte(index)));

            let mut flipped: Vec<u8> = bytes.iter().map(|byte| !byte).collect();
            assert_eq!(check_flipped(&flipped), Err(WrongByte(index)));
            flipped[index] ^= 1;
            assert_eq!(check_flipped(&flipped), Ok(()));
        }
    }

    #[test]
    fn words_are_the_same_bytes() {
        let words = shared(LENGTH).to_vec();
        let bytes_of_words: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        assert_eq!(bytes_of_words, bytes(LENGTH));
    }

    #[test]
    fn one_word_that_was_forgotten_is_found() {
        let words = shared(LENGTH);
        (0..words.len()).for_each(|index| _ = words.xor(index, u64::MAX));
        assert_eq!(check_flipped_words(&words), Ok(()));
        words.xor(5, u64::MAX);
        assert_eq!(check_flipped_words(&words), Err(WrongByte(40)));
    }
}
