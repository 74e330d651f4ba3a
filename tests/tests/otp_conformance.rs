//! The library against traces of a real OTP, and against a model of OTP's rules.

use std::path::PathBuf;

use actor_tests::conformance::{difference, model, parse, run, run_text, vectors};

/// The shipped scenarios, with their expected traces.
fn shipped(timed: bool) -> Vec<(PathBuf, String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(vectors()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let text = std::fs::read_to_string(&path).unwrap();
            let expected = std::fs::read_to_string(path.with_extension("expected")).unwrap();
            if text.contains("tag time") == timed {
                found.push((path, text, expected));
            }
        }
    }
    found.sort();
    found
}

fn all_agree(timed: bool, trace: impl Fn(&str) -> Vec<String>) -> usize {
    let shipped = shipped(timed);
    for (path, text, expected) in &shipped {
        if let Some(difference) = difference(expected, &trace(text)) {
            panic!("{}:\n{difference}", path.display());
        }
    }
    shipped.len()
}

#[test]
fn the_library_does_what_otp_did() {
    assert_eq!(all_agree(false, |text| run_text(text).unwrap()), 51);
}

#[test]
fn the_library_does_what_otp_did_in_time() {
    assert_eq!(all_agree(true, |text| run_text(text).unwrap()), 2);
}

#[test]
fn the_model_does_what_otp_did() {
    assert_eq!(all_agree(false, |text| model(&parse(text).unwrap())), 51);
}

#[test]
fn scenarios_are_printed_as_they_are_read() {
    for (path, text, _) in shipped(false) {
        let scenario = parse(&text).unwrap();
        assert_eq!(
            parse(&scenario.to_string()).unwrap(),
            scenario,
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_malformed_scenario_is_refused_with_its_line() {
    let top = "sup top one_for_one 1 5 never";
    let child = "child top a worker permanent 5000 no obey";
    for (line, text) in [
        (1, String::new()),
        (3, format!("name x\n{top}\n{child}")),
        (
            3,
            format!("name x\n{top}\nchild top a worker permanent 5000 no\nbegin"),
        ),
        (
            2,
            "name x\nsup top one_for_none 1 5 never\nbegin".to_owned(),
        ),
        (
            2,
            "name x\nsup top one_for_one -1 5 never\nbegin".to_owned(),
        ),
        (2, "name x\nsup top one_for_one 1 0 never\nbegin".to_owned()),
        (
            2,
            "name x\nsup bottom one_for_one 1 5 never\nbegin".to_owned(),
        ),
        (
            2,
            "name x\nsup top simple_one_for_one 1 5 any_significant\nbegin".to_owned(),
        ),
        (4, format!("name x\n{top}\n{child}\n{child}\nbegin")),
        (
            3,
            format!("name x\n{top}\nchild b a worker permanent 5000 no obey\nbegin"),
        ),
        (
            3,
            format!("name x\n{top}\nchild top A worker permanent 5000 no obey\nbegin"),
        ),
        (
            3,
            format!("name x\n{top}\nchild top a worker permanent soon no obey\nbegin"),
        ),
        (
            3,
            format!("name x\n{top}\nchild top a worker permanent 5000 no lazy\nbegin"),
        ),
        (
            3,
            format!("name x\n{top}\nchild top a  worker permanent 5000 no obey\nbegin"),
        ),
        (3, format!("name x\n{top}\ncrash a error\nbegin")),
        (4, format!("name x\n{top}\nbegin\ncrash a")),
        (4, format!("name x\n{top}\nbegin\ncrash a sadly")),
        (4, format!("name x\n{top}\nbegin\ncrash top error")),
        (4, format!("name x\n{top}\nbegin\nexplode a")),
        (4, format!("name x\n{top}\nbegin\nsleep 5")),
        (4, format!("name x\n{top}\nbegin\nspawn top a")),
        (4, format!("name x\n{top}\nbegin\nbegin")),
        (4, format!("name x\n{top}\nbegin\n{child}")),
        (
            3,
            "name x\nsup top simple_one_for_one 1 5 never\nbegin x".to_owned(),
        ),
        (
            4,
            "name x\nsup top simple_one_for_one 1 5 never\nbegin\nspawn top a".to_owned(),
        ),
        (4, format!("name x\n{top}\nbegin\ncrash zz error")),
        (4, format!("name x\n{top}\nbegin\nfailnext top 1")),
        (4, format!("name x\n{top}\nbegin\ncount zz")),
        (5, format!("name x\n{top}\n{child}\nbegin\nterminate a a")),
        (4, format!("name x\n{top}\nbegin\ntag late")),
        (4, format!("name x\n{top}\nbegin\nadd top top worker permanent 5000 no obey")),
        (3, format!("name x\n{top}\nchild b b sup permanent infinity no one_for_one 1 5 never\nbegin")),
        (5, format!("name x\n{top}\n{child}\nbegin\nadd a b worker permanent 5000 no obey")),
        (3, "name x\nsup top simple_one_for_one 1 5 never\nchild top a worker transient 5000 yes obey\nbegin".to_owned()),
    ] {
        let error = parse(&text).unwrap_err();
        assert_eq!(error.line(), line.max(1), "{text}\n{error}");
    }
}

#[test]
fn a_difference_is_shown() {
    let text = "name x\nsup top one_for_one 1 5 never\nbegin\n";
    let actual = run(&parse(text).unwrap()).unwrap();
    assert_eq!(
        difference(
            "> begin\nstart top 1\n= ok\n> end\ntop top running\n",
            &actual
        ),
        None
    );
    let shown = difference(
        "> begin\nstart top 2\n= ok\n> end\ntop top running\n",
        &actual,
    )
    .unwrap();
    assert!(shown.contains("-start top 2\n+start top 1\n"), "{shown}");
}
