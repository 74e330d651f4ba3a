//! What the compiler says of each mistake in an `#[actor]` block.
//!
//! The words of the compiler itself change with its versions, so these hold for Rust 1.95. After a
//! change on purpose, `TRYBUILD=overwrite cargo test -p actor-tests --test macro_ui` writes them anew.

#[test]
fn each_mistake_is_told_where_it_is() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/*.rs");
}
