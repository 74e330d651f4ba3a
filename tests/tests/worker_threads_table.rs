//! The guide has a row for each name of Node's module.

const PAGE: &str = include_str!("../../actor-core/guide/coming-from-worker-threads.md");

/// By section: what `Object.keys(require('worker_threads'))`, the prototypes of its classes and
/// the documentation of Node 25 list.
const NAMES: [(&str, &[&str]); 5] = [
    (
        "The module",
        &[
            "getEnvironmentData",
            "isInternalThread",
            "isMainThread",
            "isMarkedAsUntransferable",
            "locks",
            "ifAvailable",
            "mode",
            "query",
            "request",
            "signal",
            "steal",
            "markAsUncloneable",
            "markAsUntransferable",
            "moveMessagePortToContext",
            "parentPort",
            "postMessageToThread",
            "workerMessage",
            "receiveMessageOnPort",
            "resourceLimits",
            "setEnvironmentData",
            "SHARE_ENV",
            "threadId",
            "threadName",
            "workerData",
        ],
    ),
    (
        "`Worker`",
        &[
            "argv",
            "codeRangeSizeMb",
            "cpuUsage",
            "env",
            "error",
            "eval",
            "eventLoopUtilization",
            "execArgv",
            "exit",
            "getHeapSnapshot",
            "getHeapStatistics",
            "maxOldGenerationSizeMb",
            "maxYoungGenerationSizeMb",
            "message",
            "messageerror",
            "name",
            "online",
            "postMessage",
            "process.exit",
            "ref",
            "resourceLimits",
            "stackSizeMb",
            "startCpuProfile",
            "startHeapProfile",
            "stderr",
            "stdin",
            "stdout",
            "Symbol.asyncDispose",
            "terminate",
            "threadId",
            "threadName",
            "trackUnmanagedFds",
            "transferList",
            "unref",
            "workerData",
        ],
    ),
    (
        "`MessageChannel`, `MessagePort`",
        &[
            "close",
            "hasRef",
            "message",
            "messageerror",
            "onmessage",
            "port1",
            "port2",
            "postMessage",
            "ref",
            "start",
            "unref",
        ],
    ),
    (
        "`BroadcastChannel`",
        &[
            "close",
            "name",
            "onmessage",
            "onmessageerror",
            "postMessage",
            "ref",
            "unref",
        ],
    ),
    (
        "`SharedArrayBuffer`, `Atomics`",
        &[
            "add",
            "and",
            "compareExchange",
            "exchange",
            "isLockFree",
            "load",
            "notify",
            "or",
            "store",
            "sub",
            "wait",
            "waitAsync",
            "xor",
        ],
    ),
];

#[test]
fn each_name_of_nodes_module_has_its_row() {
    for (title, names) in NAMES {
        let section = PAGE
            .split("\n## ")
            .find(|section| section.starts_with(title));
        let section = section.unwrap_or_else(|| panic!("no section {title}"));
        let left: Vec<&str> = section
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
            .collect();
        let words: Vec<&str> = left
            .iter()
            .flat_map(|cell| cell.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')))
            .flat_map(|word| std::iter::once(word).chain(word.split('.')))
            .collect();
        for name in names {
            assert!(words.contains(name), "{title} has no row for {name}");
        }
    }
}
