//! Types inside of an event, which the older and the newer version share.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

use super::item::Item;

/// Types of the language and of its library, which no edit of the user's changes.
const STANDARD: [&str; 40] = [
    "bool",
    "char",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "String",
    "Option",
    "Vec",
    "VecDeque",
    "Box",
    "Rc",
    "Arc",
    "Cow",
    "Result",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "Duration",
    "SystemTime",
    "Range",
    "RangeInclusive",
    "PhantomData",
    "NonZeroU32",
    "NonZeroU64",
    "PathBuf",
    "IpAddr",
    "Bound",
];

/// The last words of the paths in the types of fields, sorted.
pub(super) fn types(item: &Item) -> Vec<String> {
    let mut words = Words::default();
    item.fields().iter().for_each(|field| words.visit_type(&field.ty));
    words.0.into_iter().collect()
}

#[derive(Default)]
struct Words(BTreeSet<String>);

impl<'ast> Visit<'ast> for Words {
    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        let last = path.path.segments.last().map(|segment| segment.ident.to_string());
        self.0.extend(last.filter(|last| !STANDARD.contains(&last.as_str())));
        visit::visit_type_path(self, path);
    }
}
