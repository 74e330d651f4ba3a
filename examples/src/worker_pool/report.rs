//! What is told of the tasks.

use std::time::Duration;

use actor_core::AskError;
use serde::Serialize;

use super::task::{Kind, Task};
use super::worker::Answer;
use crate::image_pipeline::table;

/// A result of more digits is told in the table by its ends.
const MOST_DIGITS: usize = 70;
/// How many digits of each end.
const END: usize = 20;

/// What is known of a task in the end.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    task: String,
    kind: Kind,
    number: u64,
    /// None, if the worker is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    worker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    /// All of its digits, which no number of JSON is sure to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Told {
    pub(super) fn new(task: Task, answer: Result<Answer, AskError>) -> Told {
        let (worker, seconds, result) = match answer {
            Ok(answer) => {
                let result = answer.result.map_err(|error| error.to_string());
                let seconds = answer.time.as_secs_f64();
                (Some(answer.worker), Some(seconds), result)
            }
            Err(error) => (None, None, Err(error.to_string())),
        };
        let (result, error) = match result {
            Ok(result) => (Some(result.to_string()), None),
            Err(error) => (None, Some(error)),
        };
        Told {
            task: task.to_string(),
            kind: task.kind,
            number: task.number,
            worker,
            seconds,
            result,
            error,
        }
    }

    /// Why there is no result, if there is none.
    pub(super) fn error(&self) -> Option<String> {
        let error = self.error.as_ref()?;
        Some(format!("{}: {error}", self.task))
    }

    /// As one line of JSON.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }

    /// A row for each.
    pub(super) fn table(all: &[Told]) -> String {
        let rows: Vec<_> = all.iter().map(Told::row).collect();
        table(["task", "worker", "time", "result"], &rows)
    }

    fn row(&self) -> [String; 4] {
        // From nanoseconds to seconds, so that no unit fits all.
        let time = |seconds| format!("{:.1?}", Duration::from_secs_f64(seconds));
        [
            self.task.clone(),
            self.worker.clone().unwrap_or_default(),
            self.seconds.map(time).unwrap_or_default(),
            self.result.as_deref().map_or("none".to_owned(), shortened),
        ]
    }
}

fn shortened(digits: &str) -> String {
    let count = digits.len();
    match count > MOST_DIGITS {
        true => format!(
            "{}…{} ({count} digits)",
            &digits[..END],
            &digits[count - END..]
        ),
        false => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use actor_core::System;

    use super::super::worker::Worker;
    use super::*;

    #[test]
    fn a_task_whose_worker_is_gone_has_an_error_too() {
        let system = System::new("gone").unwrap();
        let worker = system.spawn::<Worker>(()).unwrap();
        worker.stop();
        worker.join();
        let task: Task = "prime:1".parse().unwrap();
        let told = Told::new(task, worker.work(task).ask());
        let why = told.error().unwrap();
        assert!(
            why.starts_with("prime:1: `work` was not answered: "),
            "{why}"
        );
        assert_eq!(told.row(), ["prime:1", "", "", "none"]);
    }

    #[test]
    fn a_long_result_is_told_by_its_ends() {
        let digits = "1234567890".repeat(7);
        assert_eq!(shortened(&digits), digits);
        let told = "01234567890123456789…12345678901234567890 (71 digits)";
        assert_eq!(shortened(&format!("0{digits}")), told);
    }
}
