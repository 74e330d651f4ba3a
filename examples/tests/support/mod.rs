//! Helpers that the example's tests share.

pub(crate) mod reference;
