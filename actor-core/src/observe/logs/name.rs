//! What an actor's file is called.

/// File systems bear 255 bytes, some 143, and the id and the ending need up to 25 of them.
const LONGEST: usize = 100;

/// A name that every file system bears. Dots are left out because Windows knows devices by what comes
/// before the first one, `-` at the beginning because programs take it for an option.
pub(super) fn file_name(actor: &str, id: u64) -> String {
    let mut name = String::new();
    for letter in actor.chars() {
        let is_safe =
            letter.is_alphanumeric() || letter == '_' || (letter == '-' && !name.is_empty());
        let letter = if is_safe { letter } else { '_' };
        if name.len() + letter.len_utf8() > LONGEST {
            break;
        }
        name.push(letter);
    }
    if name.is_empty() {
        name.push_str("actor");
    }
    format!("{name}-{id}.log")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bare_file_names_on_every_system() {
        for (actor, expected) in [
            ("worker", "worker-3.log"),
            ("worker-12", "worker-12-3.log"),
            ("Zähler_東京", "Zähler_東京-3.log"),
            ("", "actor-3.log"),
            (".", "_-3.log"),
            ("..", "__-3.log"),
            ("../../etc/passwd", "______etc_passwd-3.log"),
            ("a\\b:c", "a_b_c-3.log"),
            ("/", "_-3.log"),
            ("a\0b\nc\u{1b}[2J", "a_b_c__2J-3.log"),
            ("-rf", "_rf-3.log"),
            ("NUL.txt", "NUL_txt-3.log"),
            ("con", "con-3.log"),
            ("right\u{202e}left", "right_left-3.log"),
            (" trailing. ", "_trailing__-3.log"),
        ] {
            assert_eq!(file_name(actor, 3), expected, "{actor:?}");
        }
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        let name = file_name(&"東".repeat(1000), u64::MAX);
        assert_eq!(name, format!("{}-{}.log", "東".repeat(33), u64::MAX));
        assert!(name.len() <= 143);
        assert_ne!(
            file_name(&"a".repeat(300), 1),
            file_name(&"a".repeat(300), 2)
        );
    }
}
