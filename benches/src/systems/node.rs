//! Node's `worker_threads`, and piscina as its pool.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Kind, System};
use crate::measure::{Measured, Scale};

const NO_NODE: &str = "there is no Node on this machine";
const NO_PISCINA: &str = "piscina is not installed: run `npm install` in benches/node";

/// Done by `node/bench.mjs`.
const BY_NODE: [&str; 18] = [
    "tell",
    "tell-4",
    "ask",
    "ask-64",
    "ask-disturbed",
    "ask-beside-long-handlers",
    "ring",
    "circular",
    "spawn-and-tear-down",
    "spawn",
    "creation",
    "idle",
    "ticking",
    "transfer",
    "tell-100-actors",
    "send-zst",
    "growth-live",
    "growth-queued",
];
const BY_PISCINA: [&str; 3] = ["pool", "primes", "factory"];

pub(super) fn system() -> System {
    let about = "Node's `worker_threads` with `postMessage`, 100 workers where others have more actors, for each takes 8 MB; its pool is piscina";
    let mut system = System::new("node", Kind::Peer, about)
        .cannot(["ask-from-inside"], "a worker asks as the main thread does")
        .cannot(["crash"], "it has no restarts")
        .cannot(
            ["images"],
            "the filter is Rust code, in JavaScript it would be another",
        )
        .cannot(["build"], "nothing is compiled");
    if !answers("node") {
        return system.cannot(BY_NODE, NO_NODE).cannot(BY_PISCINA, NO_NODE);
    }
    for workload in BY_NODE {
        system = system.can(workload, move |scale| run(workload, scale));
    }
    if !directory().join("node_modules/piscina").is_dir() {
        return system.cannot(BY_PISCINA, NO_PISCINA);
    }
    for workload in BY_PISCINA {
        system = system.can(workload, move |scale| run(workload, scale));
    }
    system
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node")
}

fn answers(program: &str) -> bool {
    let version = Command::new(program).arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

fn run(workload: &str, scale: Scale) -> Vec<Measured> {
    let mut command = Command::new("node");
    command
        .arg("--max-old-space-size=16384")
        .arg("bench.mjs")
        .arg(workload);
    if scale.smoke {
        command.arg("--smoke");
    }
    let output = command
        .current_dir(directory())
        .output()
        .expect("node starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "node failed: {said}");
    serde_json::from_slice(&output.stdout).expect("it writes a list of figures")
}
