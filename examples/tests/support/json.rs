//! What a program prints for other programs.

use serde_json::Value;

use super::process::Ended;

impl Ended {
    /// One JSON object for each line of stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Vec<Value> {
        let object = |line| {
            let value: Value = serde_json::from_str(line).unwrap();
            assert!(value.is_object(), "{line}");
            value
        };
        self.stdout.lines().map(object).collect()
    }
}
