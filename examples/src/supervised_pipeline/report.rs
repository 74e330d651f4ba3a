//! What is told at the end.

use serde::Serialize;

use super::branch::Condition;
use super::live::drawn;
use crate::image_pipeline::table;
use crate::word_count::{CrashPlan, Options, Proof, Stage};

/// All that is known of a run.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    file: String,
    crash: f64,
    seed: u64,
    stages: Vec<StageReport>,
    /// How often a supervisor was restarted by the one above, because it had given up or came later
    /// in the chain.
    supervisor_restarts: u64,
    tree: Condition,
    #[serde(flatten)]
    proof: Proof,
    exactly_once: bool,
}

#[derive(Debug, Serialize)]
struct StageReport {
    stage: Stage,
    /// Planned crashes that were drawn.
    crashes: u64,
    /// Lives of its actors after their first. One crash may cost several, and none where two
    /// actors go down together.
    restarts: u64,
}

impl Report {
    pub(super) fn new(
        options: &Options,
        crashes: &CrashPlan,
        tree: Condition,
        proof: Proof,
    ) -> Report {
        let of_stage = |stage| StageReport {
            stage,
            crashes: crashes.crashes(stage),
            restarts: tree.restarts(&|one: &Condition| one.stage == Some(stage)),
        };
        Report {
            file: options.file.display().to_string(),
            crash: options.crash,
            seed: options.seed,
            stages: Stage::ALL.map(of_stage).into(),
            supervisor_restarts: tree.restarts(&|one: &Condition| one.strategy.is_some()),
            exactly_once: proof.holds(),
            proof,
            tree,
        }
    }

    /// Whether each line was counted exactly once.
    pub(super) fn is_right(&self) -> bool {
        self.exactly_once
    }

    /// In full.
    pub(super) fn full(&self) -> String {
        let mut rows: Vec<[String; 3]> = Vec::new();
        for stage in &self.stages {
            let name = stage.stage.name().to_owned();
            rows.push([name, stage.crashes.to_string(), stage.restarts.to_string()]);
        }
        let restarts = self.supervisor_restarts.to_string();
        rows.push(["supervisors".to_owned(), String::new(), restarts]);
        format!(
            "{}\n{}\n{}",
            drawn(&self.tree),
            table(["stage", "crashes", "restarts"], &rows),
            self.short()
        )
    }

    /// The proof alone.
    pub(super) fn short(&self) -> String {
        format!("{}\n", self.proof)
    }

    /// As one line of JSON.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}
