//! The wire names of an item's own fields and variants.

use super::case::Case;
use super::event::Field;
use super::serde_attributes::SerdeAttributes;

/// The shape of an item: its container's settings, and its fields and variants with theirs.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub(super) container: SerdeAttributes,
    pub(super) parts: Vec<Part>,
}

/// A field or a variant.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) named: Field,
    pub(super) attributes: SerdeAttributes,
}

#[derive(Clone, Copy)]
enum Side {
    Writer,
    Reader,
}

impl Names {
    /// `fields` holds `field`, `Variant` and `Variant.field`; an item with a dotted name is an enum.
    pub(super) fn of(container: &str, fields: &[(String, u32, String)]) -> Self {
        let container = SerdeAttributes::parse(container);
        let is_enum = is_enum(fields);
        let mut names = Self { container, parts: Vec::new() };
        for (name, line, attributes) in fields {
            let attributes = SerdeAttributes::parse(attributes);
            let (variant, field) = match name.split_once('.') {
                Some((variant, field)) => (Some(variant), Some(field)),
                None if is_enum => (Some(name.as_str()), None),
                None => (None, Some(name.as_str())),
            };
            let wire = |side| names.wire(variant, field, &attributes, side);
            let (written, read) = (wire(Side::Writer), wire(Side::Reader));
            let [variant, field] = [variant, field].map(|name| name.map(str::to_owned));
            names.parts.push(Part { named: Field { variant, field, line: *line, written, read }, attributes });
        }
        names
    }

    pub(super) fn is_enum(&self) -> bool {
        self.parts.iter().any(|part| part.named.variant.is_some())
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        self.parts.iter().map(|part| part.named.clone()).collect()
    }

    /// The variants themselves.
    pub(super) fn variants(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.named.field.is_none())
    }

    /// The fields of a struct (`None`) or of a variant.
    pub(super) fn fields_of(&self, variant: Option<&str>) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.named.field.is_some() && part.named.variant.as_deref() == variant)
    }

    fn wire(&self, variant: Option<&str>, field: Option<&str>, own: &SerdeAttributes, side: Side) -> String {
        if let Some(name) = pick(&own.rename, side) {
            return name;
        }
        let name = field.or(variant).unwrap_or_default();
        let case = match (variant, field) {
            (_, None) | (None, _) => pick(&self.container.rename_all, side),
            (Some(variant), Some(_)) => self.case_within(variant, side),
        };
        match (case, field) {
            (None, _) => name.to_owned(),
            (Some(case), Some(_)) => case.field(name),
            (Some(case), None) => case.variant(name),
        }
    }

    fn case_within(&self, variant: &str, side: Side) -> Option<Case> {
        let of_variant = self.variants().find(|part| part.named.variant.as_deref() == Some(variant));
        let own = of_variant.and_then(|part| pick(&part.attributes.rename_all, side));
        own.or_else(|| pick(&self.container.rename_all_fields, side))
    }
}

/// Structs have lower-case fields by convention only, so variants are told by their fields or by their spelling.
fn is_enum(fields: &[(String, u32, String)]) -> bool {
    let dotted = fields.iter().any(|(name, ..)| name.contains('.'));
    let capital = |name: &str| name.chars().next().is_some_and(char::is_uppercase);
    dotted || (!fields.is_empty() && fields.iter().all(|(name, ..)| capital(name)))
}

fn pick<T: Clone>(both: &super::serde_attributes::Both<T>, side: Side) -> Option<T> {
    match side {
        Side::Writer => both.writer.clone(),
        Side::Reader => both.reader.clone(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn part(name: &str, attributes: &str) -> (String, u32, String) {
        (name.to_owned(), 1, attributes.to_owned())
    }

    fn read(container: &str, parts: &[(String, u32, String)]) -> Vec<String> {
        Names::of(container, parts).fields().into_iter().map(|field| field.read).collect()
    }

    #[test]
    fn a_struct_is_renamed_by_its_container_and_its_fields() {
        let fields = [part("order_id", ""), part("total_cents", r#"serde (rename = "total")"#)];
        assert_eq!(read(r#"serde (rename_all = "camelCase")"#, &fields), ["orderId", "total"]);
        assert_eq!(read("", &fields), ["order_id", "total"]);
    }

    #[test]
    fn an_enum_renames_variants_and_their_fields_apart() {
        let parts = [
            part("OrderPlaced", ""),
            part("OrderPlaced.order_id", ""),
            part("Paid", r#"serde (rename_all = "UPPERCASE")"#),
            part("Paid.amount", ""),
        ];
        let container = r#"serde (rename_all = "snake_case", rename_all_fields = "camelCase")"#;
        assert_eq!(read(container, &parts), ["order_placed", "orderId", "paid", "AMOUNT"]);
    }

    #[test]
    fn the_sides_may_differ() {
        let names = Names::of("", &[part("a", r#"serde (rename (serialize = "x", deserialize = "y"))"#)]);
        let field = names.fields().pop().unwrap();
        assert_eq!((field.written.as_str(), field.read.as_str()), ("x", "y"));
    }
}
