//! How far the generated types can be seen.

use quote::ToTokens as _;
use syn::Visibility;

/// The widest of these. Of two restrictions to different modules neither may be the wider one, so
/// the crate stands for both.
pub(crate) fn widest<'v>(all: impl IntoIterator<Item = &'v Visibility>) -> Option<Visibility> {
    all.into_iter()
        .cloned()
        .reduce(|one, other| match (reach(&one), reach(&other)) {
            (Reach::Modules, Reach::Modules) if text(&one) != text(&other) => {
                syn::parse_quote!(pub(crate))
            }
            (left, right) if left >= right => one,
            _ => other,
        })
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Here,
    Modules,
    Crate,
    Everywhere,
}

fn reach(visibility: &Visibility) -> Reach {
    match visibility {
        Visibility::Public(_) => Reach::Everywhere,
        Visibility::Restricted(to) if to.path.is_ident("crate") => Reach::Crate,
        Visibility::Restricted(to) if to.path.is_ident("self") => Reach::Here,
        Visibility::Restricted(_) => Reach::Modules,
        Visibility::Inherited => Reach::Here,
    }
}

fn text(visibility: &Visibility) -> String {
    visibility.to_token_stream().to_string()
}
