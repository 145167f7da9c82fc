//! One schema document: its resources, anchors, and where its references lead.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::contain::draft::Draft;
use crate::contain::keywords::{MAPS, ONE_OR_MANY};

const IN_PLACE: [&str; 9] =
    ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"];

/// A document, indexed.
pub(super) struct Document<'a> {
    pub(super) draft: Draft,
    /// The base URI of each schema, by the schema's address.
    bases: HashMap<usize, usize>,
    uris: Vec<String>,
    resources: HashMap<String, &'a Value>,
    anchors: HashMap<(usize, String), &'a Value>,
    dynamic: HashMap<String, usize>,
    schemas: Vec<&'a Value>,
}

fn address(schema: &Value) -> usize {
    std::ptr::from_ref(schema).addr()
}

impl<'a> Document<'a> {
    pub(super) fn new(root: &'a Value, draft: Draft) -> Self {
        let mut document = Self {
            draft,
            bases: HashMap::new(),
            uris: vec![String::new()],
            resources: HashMap::new(),
            anchors: HashMap::new(),
            dynamic: HashMap::new(),
            schemas: Vec::new(),
        };
        document.resources.insert(String::new(), root);
        document.index(root, 0);
        document
    }

    fn index(&mut self, schema: &'a Value, base: usize) {
        if self.bases.contains_key(&address(schema)) {
            return;
        }
        self.schemas.push(schema);
        let Value::Object(object) = schema else { return };
        let base = self.enter(schema, object, base);
        self.bases.insert(address(schema), base);
        for (_, child) in children(object) {
            self.index(child, base);
        }
    }

    fn enter(&mut self, schema: &'a Value, object: &'a Map<String, Value>, base: usize) -> usize {
        let mut base = base;
        let id = if self.draft == Draft::Draft4 { "id" } else { "$id" };
        let ref_alone = self.draft.ref_stands_alone() && object.contains_key("$ref");
        if let Some(id) = object.get(id).and_then(Value::as_str).filter(|_| !ref_alone) {
            let (path, fragment) = id.split_once('#').unwrap_or((id, ""));
            if !path.is_empty() {
                let uri = join(self.uris.get(base).map_or("", String::as_str), path);
                self.uris.push(uri.clone());
                base = self.uris.len() - 1;
                self.resources.entry(uri).or_insert(schema);
            }
            if !fragment.is_empty() && self.draft <= Draft::Draft7 {
                self.anchors.entry((base, fragment.to_owned())).or_insert(schema);
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = object.get(keyword).and_then(Value::as_str) {
                self.anchors.entry((base, name.to_owned())).or_insert(schema);
                if keyword == "$dynamicAnchor" {
                    *self.dynamic.entry(name.to_owned()).or_insert(0) += 1;
                }
            }
        }
        base
    }

    /// Where a reference in `schema` leads.
    ///
    /// # Errors
    ///
    /// It leads out of the document, or nowhere.
    pub(super) fn resolve(&self, schema: &Value, reference: &str) -> Result<&'a Value, String> {
        let lost = || format!("`{reference}` can't be resolved inside of the schema");
        let base = self.bases.get(&address(schema)).copied().ok_or_else(lost)?;
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let current = self.uris.get(base).map_or("", String::as_str);
        let uri = if path.is_empty() { current.to_owned() } else { join(current, path) };
        let resource = *self.resources.get(&uri).ok_or_else(lost)?;
        let fragment = unescape(fragment);
        if fragment.is_empty() {
            return Ok(resource);
        }
        if fragment.starts_with('/') {
            let target = resource.pointer(&fragment).ok_or_else(lost)?;
            return if self.bases.contains_key(&address(target)) || target.is_boolean() {
                Ok(target)
            } else {
                Err(lost())
            };
        }
        let base = self.uris.iter().position(|known| *known == uri).ok_or_else(lost)?;
        self.anchors.get(&(base, fragment.into_owned())).copied().ok_or_else(lost)
    }

    /// Where a `$dynamicRef` leads, if it leads to one place only.
    pub(super) fn resolve_dynamic(&self, schema: &Value, reference: &str) -> Result<&'a Value, String> {
        let target = self.resolve(schema, reference)?;
        let anchor = reference.rsplit_once('#').map_or("", |(_, anchor)| anchor);
        let is_dynamic = target.get("$dynamicAnchor").and_then(Value::as_str) == Some(anchor);
        if is_dynamic && self.dynamic.get(anchor).is_some_and(|count| *count > 1) {
            return Err(format!("`$dynamicRef` to `{anchor}` may lead to several places"));
        }
        Ok(target)
    }

    /// Where a `$recursiveRef` leads, if it leads to one place only.
    pub(super) fn resolve_recursive(&self, schema: &Value) -> Result<&'a Value, String> {
        if self.uris.len() > 2 {
            return Err("`$recursiveRef` may lead to several places".to_owned());
        }
        self.resolve(schema, "#")
    }

    /// Whether a schema leads back to itself without going into a part of the value.
    pub(super) fn has_cycle_without_progress(&self) -> bool {
        let mut done = HashSet::new();
        let in_place = |keyword: &str| IN_PLACE.contains(&keyword);
        self.schemas.iter().any(|schema| self.cycles(schema, in_place, &mut Vec::new(), &mut done))
    }

    /// Whether a schema refers to itself, also about a part of the value.
    pub(super) fn is_recursive(&self) -> bool {
        let mut done = HashSet::new();
        let any = |keyword: &str| !matches!(keyword, "$defs" | "definitions");
        self.schemas.iter().any(|schema| self.cycles(schema, any, &mut Vec::new(), &mut done))
    }

    /// `within`: under which keywords a schema is followed.
    fn cycles(
        &self,
        schema: &'a Value,
        within: fn(&str) -> bool,
        path: &mut Vec<usize>,
        done: &mut HashSet<usize>,
    ) -> bool {
        let Value::Object(object) = schema else { return false };
        if path.contains(&address(schema)) || path.len() > 500 {
            return true;
        }
        if !done.insert(address(schema)) {
            return false;
        }
        path.push(address(schema));
        let in_place = children(object).filter(|(keyword, _)| within(keyword)).map(|(_, child)| child);
        let refs = ["$ref", "$dynamicRef", "$recursiveRef"].into_iter().filter_map(|keyword| {
            object.get(keyword).and_then(Value::as_str).and_then(|target| self.resolve(schema, target).ok())
        });
        let found =
            in_place.chain(refs).collect::<Vec<_>>().into_iter().any(|child| self.cycles(child, within, path, done));
        path.pop();
        found
    }
}

/// The schemas directly inside of a schema, with their keyword.
fn children(object: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    object.iter().flat_map(|(keyword, value)| {
        let keyword = keyword.as_str();
        let children: Vec<&Value> = match value {
            Value::Object(map) if MAPS.contains(&keyword) => map.values().collect(),
            Value::Array(list) if ONE_OR_MANY.contains(&keyword) => list.iter().collect(),
            one if ONE_OR_MANY.contains(&keyword) => vec![one],
            _ => Vec::new(),
        };
        children.into_iter().map(move |child| (keyword, child))
    })
}

fn unescape(fragment: &str) -> std::borrow::Cow<'_, str> {
    if !fragment.contains('%') {
        return fragment.into();
    }
    let mut bytes = Vec::new();
    let mut rest = fragment.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| tail.get(..2)).flatten();
        match escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// A reference seen from a base URI, without fragments.
fn join(base: &str, reference: &str) -> String {
    let has_scheme = reference.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    if has_scheme {
        return reference.to_owned();
    }
    let (origin, path) = match base.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            (format!("{scheme}://{host}"), format!("/{path}"))
        }
        None => (String::new(), base.to_owned()),
    };
    if reference.starts_with('/') {
        return format!("{origin}{}", without_dots(reference));
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{origin}{}", without_dots(&format!("{folder}/{reference}")))
}

fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.len() > 1 => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
