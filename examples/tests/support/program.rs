//! A program from its command line to its end.

use super::process::{Ended, Run, command};

/// Runs it to its end.
#[track_caller]
pub(crate) fn end(program: &str, arguments: &[&str]) -> Ended {
    Run::start(&mut command(program, arguments)).end()
}

/// Runs it to its end, which is to be a good one, and returns its stdout.
#[track_caller]
pub(crate) fn told(program: &str, arguments: &[&str]) -> String {
    let ended = end(program, arguments);
    let quiet_and_well = (ended.code, ended.stderr.as_str()) == (Some(0), "");
    assert!(quiet_and_well, "{arguments:?}: {ended:?}");
    ended.stdout
}

/// `--help` names the options, and each of these arguments is a usage error of its own.
#[track_caller]
pub(crate) fn assert_usage(program: &str, options: &[&str], senseless: &[&str]) {
    let help = told(program, &["--help"]);
    for option in options {
        assert!(help.contains(option), "{option}: {help}");
    }
    for argument in senseless {
        let ended = end(program, &[argument]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
        // The value, or the name of what is not known.
        let wrong = argument.rsplit('=').next().unwrap();
        let first = ended.stderr.lines().next().unwrap();
        let told = first.starts_with("error: ") && first.contains(&format!("'{wrong}'"));
        assert!(told, "{argument}: {}", ended.stderr);
        assert!(ended.stderr.contains("--help"), "{}", ended.stderr);
    }
}

/// That nobody reads the output is no failure, and one that cannot be written is, in one line.
#[track_caller]
pub(crate) fn assert_output_matters(program: &str, arguments: &[&str]) {
    let mut run = Run::start(&mut command(program, arguments));
    drop(run.0.stdout.take());
    let ended = run.end();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));

    #[cfg(target_os = "linux")]
    {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let ended = Run::start(command(program, arguments).stdout(full.unwrap())).end();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let told = ": the report cannot be written: ";
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}
