//! The attributes that generated items take over from a method or from the block.

use syn::punctuated::Punctuated;
use syn::{AttrStyle, Attribute, Meta, Path, Token};

/// Those of the attributes that have one of these names, also where a `#[cfg_attr(..)]` applies them.
pub(crate) fn named(attributes: &[Attribute], names: &[&str]) -> Vec<Attribute> {
    let is_named = |path: &Path| names.iter().any(|name| path.is_ident(name));
    let mut kept = Vec::new();
    for attribute in attributes {
        if is_named(attribute.path()) {
            let mut outer = attribute.clone();
            outer.style = AttrStyle::Outer;
            kept.push(outer);
        } else if let Some((predicate, applied)) = conditional(attribute) {
            let applied: Vec<_> = applied
                .into_iter()
                .filter(|meta| is_named(meta.path()))
                .collect();
            if !applied.is_empty() {
                kept.push(syn::parse_quote!(#[cfg_attr(#predicate, #(#applied),*)]));
            }
        }
    }
    kept
}

/// Those of the attributes that say how to document the item, but not what it is.
pub(crate) fn doc_options(attributes: &[Attribute]) -> Vec<Attribute> {
    let options = |doc: &&Attribute| doc.path().is_ident("doc") && doc.meta.require_list().is_ok();
    attributes.iter().filter(options).cloned().collect()
}

/// Whether the attributes document the item by themselves.
pub(crate) fn has_docs(attributes: &[Attribute]) -> bool {
    attributes.iter().any(
        |attribute| matches!(&attribute.meta, Meta::NameValue(doc) if doc.path.is_ident("doc")),
    )
}

/// The predicate of a `#[cfg_attr(..)]` and the attributes that it applies.
pub(crate) fn conditional(attribute: &Attribute) -> Option<(Meta, Vec<Meta>)> {
    if !attribute.path().is_ident("cfg_attr") {
        return None;
    }
    let list = attribute
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .ok()?;
    let mut metas = list.into_iter();
    Some((metas.next()?, metas.collect()))
}
