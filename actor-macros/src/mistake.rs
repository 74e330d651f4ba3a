//! What is wrong with a block, each mistake at its own token.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Error;

/// All mistakes found so far, so that one compile reports every one of them.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<Error>);

impl Mistakes {
    /// Adds a mistake, to be underlined from the first to the last of `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, words: impl std::fmt::Display) {
        self.0.push(Error::new_spanned(tokens, words));
    }

    /// Adds an error that parsing met.
    pub(crate) fn push(&mut self, error: Error) {
        self.0.push(error);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// A `compile_error!` for each.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.0.into_iter().map(Error::into_compile_error).collect()
    }
}
