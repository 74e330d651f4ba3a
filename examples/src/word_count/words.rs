//! Words, and how often each occurs.

use std::collections::BTreeMap;

use super::text::Text;

/// The words of a line, in lower case. An apostrophe inside a word belongs to it, a hyphen parts
/// two.
pub fn words(line: &str) -> impl Iterator<Item = String> {
    let apostrophe = |character| matches!(character, '\'' | '’');
    line.split(move |character: char| !character.is_alphanumeric() && !apostrophe(character))
        .map(move |word| word.trim_matches(apostrophe))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// How often each word occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordCounts(BTreeMap<String, u64>);

impl WordCounts {
    /// Counts a whole text, in one go and on one thread: what the pipeline has to agree with.
    #[must_use]
    pub fn of(text: &Text) -> WordCounts {
        let mut counts = WordCounts::default();
        for line in text.lines() {
            words(&line.text).for_each(|word| counts.add(word));
        }
        counts
    }

    /// Counts one word.
    pub fn add(&mut self, word: String) {
        *self.0.entry(word).or_default() += 1;
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: WordCounts) {
        for (word, count) in other.0 {
            *self.0.entry(word).or_default() += count;
        }
    }

    /// How many words there are, each as often as it occurs.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// How many different words there are.
    #[must_use]
    pub fn different(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(line: &str) -> WordCounts {
        let mut counts = WordCounts::default();
        words(line).for_each(|word| counts.add(word));
        counts
    }

    fn list(line: &str) -> Vec<String> {
        words(line).collect()
    }

    #[test]
    fn words_are_letters_digits_and_inner_apostrophes() {
        assert_eq!(
            list("We the PEOPLE (of 1787), it's 'quoted' — Rhode-Island"),
            [
                "we", "the", "people", "of", "1787", "it's", "quoted", "rhode", "island"
            ]
        );
        assert_eq!(list("Äpfel l’été"), ["äpfel", "l’été"]);
    }

    #[test]
    fn a_line_may_have_no_words() {
        assert_eq!(list(""), [""; 0]);
        assert_eq!(list(" -- ''' \t"), [""; 0]);
    }

    #[test]
    fn parts_that_are_merged_equal_the_whole() {
        let mut parts = counts("shall be the judge");
        parts.merge(counts("of the people the"));
        assert_eq!(parts, counts("shall be the judge of the people the"));
        assert_eq!((parts.total(), parts.different()), (8, 6));
    }
}
